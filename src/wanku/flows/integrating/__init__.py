"""Keys for programs that act for a person or at a merchant's desk."""
