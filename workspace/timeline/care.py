"""What they asked, answered and reached: tickets, survey answers, milestones."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Milestone, Ticket
from customers.priorities import priority_word
from surveys.models import Response
from workspace.timeline.source import Entry, Group, Row, Source, Words

TICKETS = Group("ticket", gettext_lazy("Tickets"))
SURVEYS = Group("survey", gettext_lazy("Surveys"))
MILESTONES = Group("milestone", gettext_lazy("Milestones"))


def _tickets(customer_id: int) -> QuerySet[Any]:
    return Ticket.objects.filter(customer_id=customer_id)


def _solved(customer_id: int) -> QuerySet[Any]:
    return _tickets(customer_id).filter(solved_at__isnull=False)


def _tell_opened(row: Row) -> Entry:
    title = _("Ticket opened: %(subject)s") % {"subject": row.text} if row.text else _("Ticket opened")
    return Entry(
        icon="ticket",
        title=title,
        tag=priority_word(row.what),
        tone="yellow",
        by=row.who,
        edit="ticket_edit",
        insight="ticket",
    )


def _tell_solved(row: Row) -> Entry:
    title = _("Ticket solved: %(subject)s") % {"subject": row.text} if row.text else _("Ticket solved")
    return Entry(icon="ticket", title=title, tone="green", by=row.who, edit="ticket_edit")


def nps_class(score: int) -> tuple[str, Words]:
    """Return the tone and the word for an NPS answer (0–10)."""
    if score >= 9:
        return "green", _("Promoter")
    return ("", _("Passive")) if score >= 7 else ("red", _("Detractor"))


def _responses(customer_id: int) -> QuerySet[Any]:
    return Response.objects.counted().filter(customer_id=customer_id)


def _tell_response(row: Row) -> Entry:
    survey, score = Response.Survey(row.what), row.a or 0
    tone, tag = nps_class(score) if survey == Response.Survey.NPS else ("accent", "")
    words = {"survey": survey.label, "score": score, "name": row.who}
    title = _("%(survey)s %(score)s from %(name)s") if row.who else _("%(survey)s %(score)s")
    return Entry(
        icon="clipboard-text",
        title=title % words,
        text=row.text,
        tag=tag,
        tone=tone,
        quote=True,
        lang=row.lang,
        insight="comment" if row.text else "",
    )


def _milestones(customer_id: int) -> QuerySet[Any]:
    return Milestone.objects.filter(customer_id=customer_id)


def _tell_milestone(row: Row) -> Entry:
    title = _("Reached: %(milestone)s") % {"milestone": row.text}
    return Entry(icon="flag", title=title, tone="green", edit="milestone_edit")


GROUPS = (TICKETS, SURVEYS, MILESTONES)
_TICKET = {"what": F("priority"), "who": F("contact__name"), "text": F("subject")}
SOURCES = (
    Source(
        key="ticket",
        group=TICKETS.key,
        facts=_tickets,
        moment="opened_at",
        timed=True,
        tell=_tell_opened,
        show=_TICKET,
    ),
    Source(
        key="ticket_solved",
        group=TICKETS.key,
        facts=_solved,
        moment="solved_at",
        timed=True,
        tell=_tell_solved,
        show=_TICKET,
    ),
    Source(
        key="response",
        group=SURVEYS.key,
        facts=_responses,
        moment="answered_at",
        timed=True,
        tell=_tell_response,
        show={
            "what": F("survey"),
            "who": F("contact__name"),
            "text": F("comment"),
            "lang": F("language"),
            "a": F("score"),
        },
    ),
    Source(
        key="milestone",
        group=MILESTONES.key,
        facts=_milestones,
        moment="reached_on",
        timed=False,
        tell=_tell_milestone,
        show={"text": F("milestone")},
    ),
)
