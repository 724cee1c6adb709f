"""Harmless repeats: the same keyed request has one effect and one answer."""
