"""Samples into the bytes that a sensor of each family would send.  Pure; the radio is somebody else's."""
