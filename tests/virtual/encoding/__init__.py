"""Bytes as the sensors of each family send them."""
