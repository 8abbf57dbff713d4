"""Every figure there is, a module per section of METRICS.md; importing this package registers them all."""

from metrics.figures import revenue, support, voice

__all__ = ["revenue", "support", "voice"]
