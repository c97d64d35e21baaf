"""Recordings as files: written safely, read fast, recovered after damage; foreign CSVs."""
