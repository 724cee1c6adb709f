"""Uploaded pictures, re-encoded and sized."""
