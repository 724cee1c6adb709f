"""What becomes of held money."""
