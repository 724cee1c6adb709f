"""Wanku: a self-service ordering platform."""

__version__ = "0.1.0"
