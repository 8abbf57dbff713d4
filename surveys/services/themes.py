"""Comments are read by rule, and what a person says about one stands above the rule."""

from collections.abc import Collection, Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import bells, time
from surveys.models import Language, Response, ResponseTheme, Theme
from surveys.reading.sentiment import sentiment
from surveys.reading.words import folded, says_any

AT_ONCE = 500
WORK = "comments"


def due() -> bool:
    """Tell whether a comment waits to be read."""
    return _unread().exists()


@transaction.atomic
def read_some() -> int:
    """Read up to 500 comments by the rules as they are; return how many. A second reading finds the same."""
    rows = list(_unread().order_by("pk")[:AT_ONCE])
    if not rows:
        return 0
    themes = [
        (theme, [word for words in theme.keywords.values() for word in words])
        for theme in Theme.objects.filter(archived_at__isnull=True)
    ]
    keys, at = [row.pk for row in rows], time.now()
    by_hand = set(
        ResponseTheme.objects.filter(response__in=keys, by_hand=True).values_list("response_id", "theme_id")
    )
    ResponseTheme.objects.filter(response__in=keys, by_hand=False).delete()
    found = []
    for row in rows:
        text = folded(row.comment)
        found += [
            ResponseTheme(response=row, theme=theme, set_at=at)
            for theme, words in themes
            if (row.pk, theme.pk) not in by_hand and says_any(text, words)
        ]
        row.read_at = at
        if not row.sentiment_by_hand:
            row.sentiment = sentiment(row.comment)
    ResponseTheme.objects.bulk_create(found)
    Response.objects.bulk_update(rows, ["read_at", "sentiment"])
    return len(rows)


def _unread() -> models.QuerySet[Response]:
    return Response.objects.filter(read_at__isnull=True).exclude(comment="")


@transaction.atomic
def theme_save(
    *,
    actor: Principal | None,
    theme: Theme | None,
    name: str,
    keywords: Mapping[str, Collection[str]],
    position: int | None = None,
) -> Theme:
    """Make or change a theme; all comments are read again by the new rule. Raises `ValidationError`."""
    kept = {
        language: sorted({word.strip() for word in keywords.get(language, ()) if word.strip()})
        for language in Language.values
    }
    if not any(kept.values()):
        raise ValidationError(_("A theme needs a word to be found by, in one language at least."))
    same = Theme.objects.filter(name__iexact=name.strip(), archived_at__isnull=True)
    if (same.exclude(pk=theme.pk) if theme else same).exists():
        raise ValidationError({"name": _("There is a theme with this name already.")})
    before = {"name": theme.name, "keywords": theme.keywords} if theme else {"name": None, "keywords": None}
    row = theme or Theme(position=position or Theme.objects.count() + 1)
    row.name, row.keywords = name.strip(), kept
    row.save()
    audit.record(
        actor=actor,
        action="theme.updated" if theme else "theme.created",
        subject=row,
        changes={key: (before[key], getattr(row, key)) for key in before if before[key] != getattr(row, key)},
        label=row.name,
    )
    _read_all_again()
    return row


@transaction.atomic
def theme_archive(*, actor: Principal, theme: Theme) -> None:
    """Take a theme away; what people set by hand is kept with it."""
    theme.archived_at = time.now()
    theme.save(update_fields=["archived_at"])
    audit.record(actor=actor, action="theme.archived", subject=theme, label=theme.name)
    _read_all_again()


def comments_changed(keys: Iterable[int]) -> None:
    """Have the comments of these answers read anew; what people said of them by hand stays."""
    if changed := list(keys):
        Response.objects.filter(pk__in=changed).update(read_at=None)
        bells.ring(WORK)


def _read_all_again() -> None:
    Response.objects.exclude(comment="").update(read_at=None)
    bells.ring(WORK)


@transaction.atomic
def response_themes_set(*, actor: Principal, response: Response, themes: Collection[Theme]) -> None:
    """Say by hand what a comment is about; the rule changes nothing of it any more."""
    shown = set(response.themes.filter(removed=False).values_list("theme_id", flat=True))
    wanted = {theme.pk for theme in themes}
    for key in shown | wanted:
        if (key in shown) != (key in wanted):
            ResponseTheme.objects.update_or_create(
                response=response,
                theme_id=key,
                defaults={
                    "by_hand": True,
                    "removed": key not in wanted,
                    "set_by": actor.person,
                    "set_at": time.now(),
                },
            )
    if shown != wanted:
        _noted(actor, response, "response.theme_set", {"themes": (sorted(shown), sorted(wanted))})


@transaction.atomic
def response_sentiment_set(*, actor: Principal, response: Response, value: int) -> None:
    """Say by hand how a comment sounds: −1, 0 or 1."""
    before, response.sentiment, response.sentiment_by_hand = response.sentiment, value, True
    response.save(update_fields=["sentiment", "sentiment_by_hand"])
    if before != value:
        _noted(actor, response, "response.sentiment_set", {"sentiment": (before, value)})


def _noted(
    actor: Principal, response: Response, action: str, changes: dict[str, tuple[object, object]]
) -> None:
    audit.record(
        actor=actor, action=action, subject=response, changes=changes, customer_id=response.customer_id
    )
