"""The `wanku` command: one process that starts, watches and stops everything Wanku is made of."""
