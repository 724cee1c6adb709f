"""Formats of dates and numbers in forms, by language (Django's FORMAT_MODULE_PATH)."""
