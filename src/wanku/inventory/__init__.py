"""Counters of what can still be sold."""
