"""What channels and carriers call."""
