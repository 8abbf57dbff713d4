"""Every figure there is, a module per section of METRICS.md in its order; importing this package registers them."""

# isort: off
from metrics.figures import revenue
from metrics.figures import renewals
from metrics.figures import economics
from metrics.figures import voice
from metrics.figures import asked
from metrics.figures import support
from metrics.figures import value
from metrics.figures import success
from metrics.figures import chi
# isort: on

__all__ = ["asked", "chi", "economics", "renewals", "revenue", "success", "support", "value", "voice"]
