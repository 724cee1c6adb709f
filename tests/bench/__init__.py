"""Tests of the bench: its arithmetic and its report, and one very small run. Nothing here is a measurement."""
