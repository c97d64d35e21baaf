"""Measurement, fitting and simulation for developers."""
