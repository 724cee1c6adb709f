"""What happens: one file, one verb, one transaction."""
