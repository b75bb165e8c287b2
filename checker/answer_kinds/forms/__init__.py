"""What a student may know of an answer before giving it: its form, in a file, an editor, a cell."""
