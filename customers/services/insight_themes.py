"""Write themes of insights: named, routed to a team, moved on to done or declined, merged and split."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import User
from accounts.principals import Principal
from core import events, time
from customers.models import Insight, InsightTeam, InsightTheme, Reversal, Team
from customers.services.reversal import step

WORDS = ("name", "kind", "area", "about", "subject_id")
ROUTE = ("team", "owner", "due_on")
State = InsightTheme.State
CHANGED = "insights.themes"
COLUMNS = {"owner": "owner_id"}


@transaction.atomic
def theme_create(*, actor: Principal | None, **fields: Any) -> InsightTheme:
    """Name a theme; any of `WORDS` and `ROUTE`. Raises ValidationError by field."""
    _only(fields, (*WORDS, *ROUTE))
    row = InsightTheme(created_by=None if actor is None else actor.person, **fields)
    _check(row)
    row.save()
    changes = {name: (None, value) for name, value in fields.items() if value not in ("", None)}
    _record(actor, "insighttheme.created", row, changes)
    if row.team:
        _routed(actor, row, {"team": ("", row.team)})
    return row


@transaction.atomic
def theme_update(*, actor: Principal | None, theme: InsightTheme, changes: Mapping[str, Any]) -> InsightTheme:
    """Change what a theme says, or to whom it goes: the team is told when it is another one. Raises ValidationError."""
    _only(changes, (*WORDS, *ROUTE))
    row = _locked(theme)
    changed = audit.field_changes(
        {name: getattr(row, COLUMNS.get(name, name)) for name in changes}, dict(_columns(changes))
    )
    for name, value in changes.items():
        setattr(row, name, value)
    _check(row)
    if not changed:
        return row
    _save(row)
    _record(actor, "insighttheme.updated", row, changed)
    if "team" in changed and row.team:
        _routed(actor, row, {"team": changed["team"]})
    return row


@transaction.atomic
def theme_move(
    *, actor: Principal | None, theme: InsightTheme, state: str, why: str = "", note: str = ""
) -> InsightTheme:
    """Move a theme on. `why` is needed to decline it; `note` says what was done. Raises ValidationError by field."""
    row = _locked(theme)
    if state not in State.values:
        raise ValidationError({"state": _("Choose one of the states.")})
    why, note = why.strip(), note.strip()
    if state == State.DECLINED and not why:
        raise ValidationError({"why": _("Say why not: who asked will want to know.")})
    before = {"state": row.state, "declined_why": row.declined_why, "done_note": row.done_note}
    row.state = state
    row.declined_why = why if state == State.DECLINED else ""
    row.done_note = note if state == State.DONE else row.done_note
    row.done_at = (row.done_at or time.now()) if state == State.DONE else None
    changed = audit.field_changes(before, {name: getattr(row, name) for name in before})
    if changed:
        _save(row)
        _record(actor, f"insighttheme.{'done' if state == State.DONE else 'moved'}", row, changed)
    return row


@transaction.atomic
def theme_merge(*, actor: User, theme: InsightTheme, into: InsightTheme) -> Reversal:
    """Put a theme's insights into another one; return how to take it back. Raises ValidationError."""
    row, kept = _locked(theme), _locked(into)
    if row.pk == kept.pk:
        raise ValidationError({"into": _("Choose another theme.")})
    keys = list(Insight.objects.filter(theme=row).values_list("pk", flat=True))
    Insight.objects.filter(theme=row).update(theme=kept)
    row.merged_into = kept
    _save(row)
    _record(actor, "insighttheme.merged", row, {"merged_into": (None, kept.name)})
    return Reversal.objects.create(
        actor=actor,
        action=CHANGED,
        summary=(_("“%(one)s” merged into “%(other)s”") % {"one": row.name, "other": kept.name})[:200],
        steps=[
            step(InsightTheme, [row.pk], {"merged_into_id": None}, {"merged_into_id": kept.pk}),
            *_moved(keys, row, kept),
        ],
    )


@transaction.atomic
def theme_split(
    *, actor: User, theme: InsightTheme, name: str, insights: Collection[int]
) -> tuple[InsightTheme, Reversal]:
    """Put some of a theme's insights into a new one of the same kind; return it and how to take it back.

    Raises ValidationError where none or all of them are chosen.
    """
    row = _locked(theme)
    keys = list(Insight.objects.filter(theme=row, pk__in=insights).values_list("pk", flat=True))
    rest = Insight.objects.filter(theme=row).exclude(pk__in=keys)
    if not keys or not rest.exists():
        raise ValidationError({"insights": _("Choose some of what was said, and leave some here.")})
    made = theme_create(
        actor=actor,
        name=name,
        kind=row.kind,
        area=row.area,
        team=row.team,
        owner=row.owner,
        due_on=row.due_on,
    )
    Insight.objects.filter(pk__in=keys).update(theme=made)
    _record(actor, "insighttheme.split", row, {"split_off": (None, made.name)})
    reversal = Reversal.objects.create(
        actor=actor,
        action=CHANGED,
        summary=ngettext(
            "%(n)s insight split off as “%(name)s”", "%(n)s insights split off as “%(name)s”", len(keys)
        )[:200]
        % {"n": len(keys), "name": made.name[:80]},
        steps=[
            *_moved(keys, row, made),
            step(InsightTheme, [made.pk], {"merged_into_id": row.pk}, {"merged_into_id": None}),
        ],
    )
    return made, reversal


@transaction.atomic
def teams_set(*, actor: Principal, emails: Mapping[str, str]) -> None:
    """Write at which address each team hears of its themes; "" for none."""
    before = dict(InsightTeam.objects.values_list("team", "email"))
    changes = audit.field_changes(
        {team: before.get(team, "") for team in Team.values},
        {team: emails.get(team, "") for team in Team.values},
    )
    for team, (_was, email) in changes.items():
        if email:
            InsightTeam.objects.update_or_create(team=team, defaults={"email": email})
        else:
            InsightTeam.objects.filter(team=team).delete()
    if changes:
        audit.record(
            actor=actor, action="insightteams.updated", subject=("insightteam", "-"), changes=changes
        )


def _moved(keys: list[int], old: InsightTheme, new: InsightTheme) -> list[dict[str, Any]]:
    return [step(Insight, keys, {"theme_id": old.pk}, {"theme_id": new.pk})] if keys else []


def _check(row: InsightTheme) -> None:
    row.name = " ".join(row.name.split())
    wrong: dict[str, str] = {}
    if not row.name:
        wrong["name"] = _("Give the theme a name.")
    same = InsightTheme.objects.live().filter(name__iexact=row.name).exclude(pk=row.pk)
    if same.exists():
        wrong["name"] = _("There is a theme of this name.")
    if wrong:
        raise ValidationError(wrong)


def _only(fields: Mapping[str, Any], known: Collection[str]) -> None:
    unknown = set(fields) - set(known)
    if unknown:
        raise TypeError(f"not a field of a theme: {sorted(unknown)}")


def _columns(changes: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        name: (value.pk if isinstance(value, User) else value) if name in COLUMNS else value
        for name, value in changes.items()
    }


def _locked(theme: InsightTheme) -> InsightTheme:
    row = InsightTheme.objects.select_for_update(of=("self",)).get(pk=theme.pk)
    if row.merged_into_id is not None:
        raise ValidationError(_("This theme was merged into another one."))
    return row


def _save(row: InsightTheme) -> None:
    row.updated_at = time.now()
    row.save()


def _routed(actor: Principal | None, row: InsightTheme, changes: Mapping[str, tuple[Any, Any]]) -> None:
    _record(actor, "insighttheme.routed", row, changes)
    events.emit("insighttheme.routed", theme=row.pk)


def _record(
    actor: Principal | None, action: str, row: InsightTheme, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    audit.record(actor=actor, action=action, subject=row, changes=changes, label=row.name)
