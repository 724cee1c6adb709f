"""Invoices: asked for, issued, reversed."""
