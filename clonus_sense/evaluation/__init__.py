"""Detections scored against truth or against the annotation of a therapist."""
