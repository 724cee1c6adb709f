"""Bills of the channels beside the ledger, and the cases that finance makes of differences."""
