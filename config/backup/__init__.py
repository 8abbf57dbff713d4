"""A consistent copy of the whole installation under load, and its way back into an empty one."""
