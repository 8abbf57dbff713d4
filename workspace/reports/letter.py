"""The report as a mail: written at the moment it leaves, in the reader's language, with its charts inside."""

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from accounts.permissions import Perm
from core.letters import Later, Letter, Never
from core.models import OutgoingMail
from workspace.reports.charts import png
from workspace.reports.report import Report
from workspace.reports.spans import WANTED, Span, span_of

KIND = "report"


def key_of(user_id: int, span: str, first: dt.date) -> str:
    """Return the outbox's key of a report."""
    return f"{KIND}:{span}:{first.isoformat()}:{user_id}"


class ReportWriter:
    """Writes reports; one that is not wanted any more, or whose reader left, is called off."""

    def write(self, mail: OutgoingMail) -> Letter | Later | Never:
        """Return the report of the mail's key."""
        _kind, span, first, user_id = mail.key.split(":")
        user = User.objects.filter(pk=int(user_id), is_active=True).first()
        if user is None or not user.may(Perm.METRICS_VIEW) or user.reports not in WANTED[Span(span)]:
            return Never("not wanted any more")
        with translation.override(user.language or settings.LANGUAGE_CODE):
            return letter(Report(user, span, span_of(span, dt.date.fromisoformat(first))))

    def left(self, mail: OutgoingMail) -> None:
        """Nothing is to be noted: that it was queued is known."""

    def says(self, why: str) -> str:
        """Return why a report was not sent, which is told in words already."""
        return why


def letter(report: Report) -> Letter:
    """Return a report as a mail, in the language being spoken."""
    workspace = Workspace.get()
    images = {f"figure-{n}": png(line.values, line.target_value) for n, line in enumerate(report.lines)}
    context = {
        "report": report,
        "workspace": workspace,
        "rows": [
            (line, f"figure-{n}" if images[f"figure-{n}"] else "") for n, line in enumerate(report.lines)
        ],
        "site": settings.SITE_URL,
        "url": settings.SITE_URL + reverse("report", args=[report.span, report.period.first]),
        "profile": settings.SITE_URL + reverse("profile"),
    }
    return Letter(
        subject=_("%(workspace)s, figures: %(title)s") % {"workspace": workspace.name, "title": report.title},
        text=render_to_string("workspace/reports/mail.txt", context).strip() + "\n",
        html=render_to_string("workspace/reports/mail.html", context),
        images={cid: image for cid, image in images.items() if image},
    )
