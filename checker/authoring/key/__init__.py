"""The worked solution of an assignment, for its teacher: all quantities, and what is right."""
