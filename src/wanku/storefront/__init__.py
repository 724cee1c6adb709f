"""The buyer's side."""
