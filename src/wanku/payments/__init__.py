"""Attempts to pay, refunds, and the channels behind them."""
