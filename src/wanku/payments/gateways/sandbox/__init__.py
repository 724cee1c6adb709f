"""A bank of our own to try payments with."""
