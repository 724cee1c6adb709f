"""From a wish to an order, and back out of it before it is shipped."""
