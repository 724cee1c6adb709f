"""Double entry: every movement of money, provable from scratch."""
