"""What is true: the formula language, the graph, its derivatives, operations and assignments."""
