"""Every figure there is, a module per section of METRICS.md; importing this package registers them all."""

from metrics.figures import economics, renewals, revenue, support, value, voice

__all__ = ["economics", "renewals", "revenue", "support", "value", "voice"]
