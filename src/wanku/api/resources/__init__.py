"""One module for each kind of thing that the API speaks of: thin operations over flows and readings."""
