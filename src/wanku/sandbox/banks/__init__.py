"""Simulated banks: strangers to the shop, with books, keys and a clock of their own, spoken to over HTTP only."""
