"""Reading everything from scratch to see that it agrees."""
