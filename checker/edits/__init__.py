"""Edits of the reference graph: the wrong solutions that diagnosis compares a student's numbers with."""
