"""The root of the tests; the server and the environment come from `wanku.runner.testing`."""
