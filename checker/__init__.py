"""What the student did: matching, edits, diagnosis, policy, reports, grading and the command line."""
