"""Persons and how to reach them."""
