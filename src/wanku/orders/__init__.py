"""Trades, their orders and lines."""
