"""What buyers do: fill a cart, order, cancel, take back."""
