"""Simulated clonus with known truth, whole nights and what looks like clonus but is not."""
