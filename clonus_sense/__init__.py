"""Finds rhythmic 5-8 Hz movement (clonus) in ankle accelerometer recordings, whole nights included."""

__version__ = "0.1.0"
