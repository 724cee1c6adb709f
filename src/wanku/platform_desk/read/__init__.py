"""What the pages show, one file per screen, each a fixed number of queries."""
