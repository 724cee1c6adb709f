"""Taking turns where more people come than there are pieces."""
