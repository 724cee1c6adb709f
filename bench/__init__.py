"""Measurements of Wanku beside the bare database; see bench/README.md."""
