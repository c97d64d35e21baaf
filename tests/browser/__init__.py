"""Pages and screens in a real browser."""
