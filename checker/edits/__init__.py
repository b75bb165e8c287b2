"""Edits of the reference graph: the wrong solutions that diagnosis compares numbers with."""
