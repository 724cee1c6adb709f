"""Nights in rooms: hotels, guest houses."""
