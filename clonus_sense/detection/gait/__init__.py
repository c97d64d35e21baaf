"""The search inside walks: the strides are taken away, and the line that is left is followed, measured and judged."""
