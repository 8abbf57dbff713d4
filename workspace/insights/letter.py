"""What a team gets when a theme is routed to it: a mail with what stands behind it and three quotes."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core import mail, time
from core.models import Event
from customers.models import Insight, InsightTeam, InsightTheme
from metrics.nights import last_finished_day
from workspace.insights.board import NEVER
from workspace.insights.figures import behind

KIND = "insight.routed"
QUOTES = 3


def hear_routed(events: list[Event]) -> None:
    """Write to the team and to the owner of each theme that was routed; hears `insighttheme.routed`."""
    for event in events:
        theme = InsightTheme.objects.live().select_related("owner").filter(pk=event.payload["theme"]).first()
        if theme is not None and theme.team:
            _write(theme, event.pk)


def _write(theme: InsightTheme, number: int) -> None:
    to = set(InsightTeam.objects.filter(team=theme.team).values_list("email", flat=True))
    if theme.owner is not None and theme.owner.is_active:
        to.add(theme.owner.email)
    if not to:
        return
    with translation.override(settings.LANGUAGE_CODE):
        said = Insight.objects.counted()
        context = {
            "theme": theme,
            "behind": behind(said, [theme.pk], last_finished_day() or NEVER, time.today())[theme.pk],
            "quotes": said.filter(theme=theme).select_related("customer")[:QUOTES],
            "url": settings.SITE_URL + reverse("insight_theme", args=[theme.pk]),
        }
        text = render_to_string("workspace/insights/mail.txt", context).strip() + "\n"
        subject = _("What customers say: %(name)s") % {"name": theme.name}
    for address in sorted(to):
        mail.queue(
            kind=KIND,
            to=address,
            subject=subject,
            body_text=text,
            key=f"insight:routed:{number}:{address}"[:200],
        )
