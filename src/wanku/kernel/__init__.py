"""What has no business in it: money, states, refusals, identifiers, clocks, request keys."""
