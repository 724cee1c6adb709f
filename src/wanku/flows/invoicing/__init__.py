"""Invoices, from the request to the red letter."""
