"""What is sold besides parcels: one folder per kind, strangers to each other, registered in `wanku.kinds.registry`."""
