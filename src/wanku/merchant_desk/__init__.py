"""The merchant's side."""
