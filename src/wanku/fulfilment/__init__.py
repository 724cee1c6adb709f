"""How the promise is kept: parcels and their tracking."""
