"""Measuring, fitting and trying: commands for developers that no user runs."""
