"""Screens of the platform desk: parse what came in, call one flow or read, show."""
