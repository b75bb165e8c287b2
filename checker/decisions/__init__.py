"""What a teacher decides beyond the rules: read, held against an answer, and accounted for."""
