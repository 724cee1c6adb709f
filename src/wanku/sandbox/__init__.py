"""A bank of our own to try payments with; it knows nothing of orders."""
