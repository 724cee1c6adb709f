"""How a promise is kept: ship, follow, confirm, and what the clocks do for those who stay silent."""
