"""Learning platforms: their bulk downloads come in, their gradebooks go back, and marks by hand."""
