"""Pictures and pages of a night."""
