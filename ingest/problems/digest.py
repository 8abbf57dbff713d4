"""Admins hear by mail when a source goes silent or bad: one mail a day at most, each finding once."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Token, User
from accounts.permissions import Role
from core import mail, time
from ingest.models import Connection, Problem, SourceNotice
from ingest.problems.words import KEPT, WORDS

KIND = "ingest.digest"
SILENCE = dt.timedelta(days=3)  # longer than a weekend
FORGOTTEN = dt.timedelta(days=30)  # what was silent for so long was switched off on purpose
FEW = 10  # so many refused items of a day are nobody's business, unless whole calls were refused
WHOLE = frozenset(
    {"too_large", "bad_json", "no_signature", "bad_signature", "old_signature", "bad_event", "not_written"}
)


@dataclass(frozen=True)
class Finding:
    """A source that went silent after a day, or was bad on one: how many items were refused, and why the most."""

    source: str
    kind: str
    day: dt.date
    count: int = 0
    code: str = ""

    @property
    def reason(self) -> str:
        """The most frequent reason in the reader's language."""
        return str(WORDS.get(self.code, self.code))


def find(today: dt.date) -> list[Finding]:
    """Return what admins have not been told yet, as of a day: silences first."""
    found = [*_silent(today), *_bad(today - dt.timedelta(days=1))]
    days = {one.day for one in found}
    told = set(SourceNotice.objects.filter(day__in=days).values_list("source", "kind", "day"))
    return [one for one in found if (one.source, one.kind, one.day) not in told]


def _silent(today: dt.date) -> Iterable[Finding]:
    heard = [(str(one), one.last_at) for one in Connection.objects.filter(last_at__isnull=False)]
    tokens = Token.objects.filter(user__isnull=True, revoked_at__isnull=True, last_used_at__isnull=False)
    heard += [
        (str(one), one.last_used_at) for one in tokens if Token.Scope.INGEST in one.scopes and one.is_live
    ]
    for source, at in sorted(heard, key=lambda one: one[0]):
        day = time.local_day(at) if at else today
        if SILENCE <= today - day <= FORGOTTEN:
            yield Finding(source[:120], SourceNotice.Kind.SILENT, day)


def _bad(day: dt.date) -> Iterable[Finding]:
    rows = Problem.objects.filter(day=day).exclude(code__in=KEPT).order_by()
    by_source: dict[str, list[tuple[int, str]]] = {}
    for source, code, count in rows.values_list("source", "code").annotate(Sum("count")):
        by_source.setdefault(source, []).append((count, code))
    for source, reasons in sorted(by_source.items()):
        total = sum(count for count, _ in reasons)
        if total >= FEW or any(code in WHOLE for _, code in reasons):
            yield Finding(source, SourceNotice.Kind.BAD, day, total, max(reasons)[1])


def due() -> bool:
    """Tell whether there is something that admins have not been told."""
    return bool(find(time.today()))


def tell() -> int:
    """Mail what was found to every admin, each in their language; return how many findings that were."""
    today = time.today()
    with transaction.atomic():
        found = find(today)
        made = SourceNotice.objects.bulk_create(
            [SourceNotice(source=one.source, kind=one.kind, day=one.day) for one in found],
            ignore_conflicts=True,
        )
        if found:
            for person in User.objects.filter(is_active=True, role=Role.ADMIN).order_by("pk"):
                _write(person, found, today)
    return len(made)


def _write(person: User, found: list[Finding], today: dt.date) -> None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        context = {
            "silent": [one for one in found if one.kind == SourceNotice.Kind.SILENT],
            "bad": [one for one in found if one.kind == SourceNotice.Kind.BAD],
            "url": settings.SITE_URL + reverse("import_problems"),
        }
        text = render_to_string("ingest/digest_mail.txt", context).strip() + "\n"
        subject = _("What sends data to Zelo needs a look")
    first = f"{found[0].source}:{found[0].kind}"
    mail.queue(
        kind=KIND,
        to=person.email,
        subject=subject,
        body_text=text,
        key=f"{KIND}:{person.pk}:{today}:{first}"[:120],
    )
