"""Virtual sensors of every family and two further radios, for tests only."""
