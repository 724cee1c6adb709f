"""What buyers say about what they received, and what merchants answer."""
