"""The words for what the detector says: reasons with their numbers, and how sure it is."""
