"""Doors that stay open: what pages and programs hear without asking again."""
