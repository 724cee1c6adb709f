"""The bank of the sandbox."""
