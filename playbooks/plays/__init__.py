"""Playbooks: what their steps mean, when they start, what became of them."""
