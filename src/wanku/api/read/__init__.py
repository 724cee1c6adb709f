"""Readings across nouns, shaped for the API, with a fixed number of queries each."""
