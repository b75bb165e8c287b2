"""What a file may say: the safe YAML reader, numbers as written, models of submissions and assignments."""
