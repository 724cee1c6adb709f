"""Sellers, their staff and their standing."""
