"""What we said and wrote: touchpoints, notes, files."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from customers.models import Attachment, Note, Touchpoint
from workspace.timeline.source import Entry, Group, Row, Source, Words

CONVERSATIONS = Group("touch", gettext_lazy("Conversations"))
NOTES = Group("note", gettext_lazy("Notes"))

ICONS = {
    Touchpoint.Kind.CALL: "phone",
    Touchpoint.Kind.EMAIL: "mail",
    Touchpoint.Kind.MESSAGE: "message",
    Touchpoint.Kind.MEETING: "calendar-event",
    Touchpoint.Kind.VISIT: "map-pin",
    Touchpoint.Kind.WEBINAR: "presentation",
    Touchpoint.Kind.REFERENCE: "speakerphone",
    Touchpoint.Kind.NOTE: "note",
}
WITH: dict[str, Words] = {
    Touchpoint.Kind.CALL: gettext_lazy("Call with %(name)s"),
    Touchpoint.Kind.EMAIL: gettext_lazy("E-mail with %(name)s"),
    Touchpoint.Kind.MESSAGE: gettext_lazy("Message with %(name)s"),
    Touchpoint.Kind.MEETING: gettext_lazy("Meeting with %(name)s"),
    Touchpoint.Kind.VISIT: gettext_lazy("Visit to %(name)s"),
    Touchpoint.Kind.WEBINAR: gettext_lazy("Webinar with %(name)s"),
    Touchpoint.Kind.REFERENCE: gettext_lazy("Reference given by %(name)s"),
    Touchpoint.Kind.NOTE: gettext_lazy("Note about %(name)s"),
}
TONES: dict[int, tuple[str, Words]] = {
    -2: ("red", pgettext_lazy("tone of a conversation", "Very bad")),
    -1: ("yellow", pgettext_lazy("tone of a conversation", "Bad")),
    0: ("", pgettext_lazy("tone of a conversation", "Neutral")),
    1: ("green", pgettext_lazy("tone of a conversation", "Good")),
    2: ("green", pgettext_lazy("tone of a conversation", "Very good")),
}


def _touchpoints(customer_id: int) -> QuerySet[Any]:
    return Touchpoint.objects.filter(customer_id=customer_id)


def _tell_touchpoint(row: Row) -> Entry:
    kind = Touchpoint.Kind(row.what)
    title: Words = str(WITH[kind]) % {"name": row.who} if row.who else kind.label
    tone, tag = TONES[row.a] if row.a is not None else ("", "")
    return Entry(
        icon=ICONS[kind],
        title=title,
        text=row.text,
        tag=tag,
        tone=tone,
        by=row.by,
        edit="touchpoint_edit",
        insight="touchpoint" if row.text else "",
    )


def _notes(customer_id: int) -> QuerySet[Any]:
    return Note.objects.filter(customer_id=customer_id, archived_at__isnull=True)


def _tell_note(row: Row) -> Entry:
    return Entry(icon="note", title=_("Note"), text=row.text, by=row.by, edit="note_edit")


def _files(customer_id: int) -> QuerySet[Any]:
    return Attachment.objects.filter(customer_id=customer_id, archived_at__isnull=True)


def _tell_file(row: Row) -> Entry:
    return Entry(icon="paperclip", title=_("File %(name)s added") % {"name": row.text}, by=row.by)


GROUPS = (CONVERSATIONS, NOTES)
SOURCES = (
    Source(
        key="touchpoint",
        group=CONVERSATIONS.key,
        facts=_touchpoints,
        moment="happened_at",
        timed=True,
        tell=_tell_touchpoint,
        show={
            "what": F("kind"),
            "who": F("contact__name"),
            "by": F("author__name"),
            "text": F("summary"),
            "a": F("sentiment"),
        },
    ),
    Source(
        key="note",
        group=NOTES.key,
        facts=_notes,
        moment="created_at",
        timed=True,
        tell=_tell_note,
        show={"by": F("author__name"), "text": F("body")},
    ),
    Source(
        key="file",
        group=NOTES.key,
        facts=_files,
        moment="created_at",
        timed=True,
        tell=_tell_file,
        show={"by": F("added_by__name"), "text": F("name")},
    ),
)
