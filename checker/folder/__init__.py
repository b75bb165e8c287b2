"""Grading many files: finding them, grading them as batches on any executor, writing outputs."""
