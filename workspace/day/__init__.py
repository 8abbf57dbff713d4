"""My day: what needs attention, in which order and why, and what is due."""
