"""What the student did: matching, edits, diagnosis, policy, reports, the command line."""
