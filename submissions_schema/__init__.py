"""What a file may say: the safe YAML reader, numbers as written, and the models."""
