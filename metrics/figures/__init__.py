"""Every figure there is, a module per section of METRICS.md; importing this package registers them all."""

from metrics.figures import revenue

__all__ = ["revenue"]
