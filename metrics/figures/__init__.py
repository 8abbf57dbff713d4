"""Every figure there is, a module per section of METRICS.md; importing this package registers them all."""

from metrics.figures import renewals, revenue, support, value, voice

__all__ = ["renewals", "revenue", "support", "value", "voice"]
