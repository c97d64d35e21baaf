"""Sensors without hardware, reached through the real bleak API."""
