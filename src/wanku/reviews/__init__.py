"""What buyers say about what they received."""
