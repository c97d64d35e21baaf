"""Virtual sensors of every family and two more radios, for tests: none of it ships."""
