"""What we learned from them: insights."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Insight, InsightKind
from workspace.timeline.source import Entry, Group, Row, Source

INSIGHTS = Group("insight", gettext_lazy("Insights"))


def _insights(customer_id: int) -> QuerySet[Any]:
    return Insight.objects.counted().filter(customer_id=customer_id)


def _tell(row: Row) -> Entry:
    kind = InsightKind(row.what).label
    title = _("%(kind)s: %(theme)s") % {"kind": kind, "theme": row.old} if row.old else str(kind)
    return Entry(icon="bulb", title=title, text=row.text, quote=True, lang=row.lang, by=row.who or row.by)


GROUPS = (INSIGHTS,)
SOURCES = (
    Source(
        key="insight",
        group=INSIGHTS.key,
        facts=_insights,
        moment="said_on",
        timed=False,
        tell=_tell,
        show={
            "what": F("kind"),
            "who": F("contact__name"),
            "by": F("said_by"),
            "text": F("quote"),
            "old": F("theme__name"),
            "lang": F("language"),
        },
    ),
)
