"""Sensors without hardware."""
