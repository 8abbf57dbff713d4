"""Escalations as pages: the executive view and one of them."""
