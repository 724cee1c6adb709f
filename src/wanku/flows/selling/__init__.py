"""What a merchant does at its desk: open a shop, seat its staff, keep its products."""
