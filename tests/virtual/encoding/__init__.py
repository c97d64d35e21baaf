"""Encoding of the packets of each sensor family."""
