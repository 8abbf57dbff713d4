"""Alerts: what is worth a person's attention, why, and since when."""
