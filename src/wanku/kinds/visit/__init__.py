"""Somebody comes, or is visited, at a time: home services, salons."""
