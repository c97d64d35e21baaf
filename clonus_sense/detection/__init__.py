"""Rhythmic movement found in acceleration: filters, axis, beats, rhythm, verdict.  numpy and scipy only."""
