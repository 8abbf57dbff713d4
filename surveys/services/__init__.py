"""Writes of what is asked and to whom it is sent."""
