"""Problems are kept for 90 days, long enough to mend what sends them."""

import datetime as dt

from django.db.models import QuerySet

from core import time
from ingest.models import Problem, SourceNotice

KEPT_FOR = dt.timedelta(days=90)
AT_ONCE = 2000


def past() -> QuerySet[Problem]:
    """Return the problems whose time is over."""
    return Problem.objects.filter(day__lt=time.today() - KEPT_FOR)


def tidy() -> int:
    """Delete a piece of what is over, and old notices; return how many rows went."""
    SourceNotice.objects.filter(day__lt=time.today() - KEPT_FOR).delete()
    piece = past().order_by("pk").values("pk")[:AT_ONCE]
    return Problem.objects.filter(pk__in=piece).delete()[0]
