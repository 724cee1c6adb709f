"""The main job acted over HTTP as new users would, with every step checked; see `wanku tour`."""
