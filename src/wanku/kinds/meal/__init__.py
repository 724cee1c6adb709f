"""Food that is prepared: delivered, fetched, or brought to a table."""
