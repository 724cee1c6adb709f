"""Bills of the channels beside our books."""
