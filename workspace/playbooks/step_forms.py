"""The form of a step: what every step has, and what its kind asks for besides. Works without JavaScript."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.forms import set_choices
from core.forms import DayField, FocusedForm, MoneyField
from customers.models import AttributeDefinition, Contact, Stage
from customers.services.owners import assignable_people
from playbooks.models import Step, Task
from playbooks.plays.conditions import CONDITIONS
from playbooks.plays.fields import FIELDS
from playbooks.plays.kinds import CHANGES, KINDS, LINKS, MEETINGS, MOST_DAYS, OFFERS, OWNERS, PERSON
from surveys.models import Survey

SEPARATOR = "|"
Fields = dict[str, forms.Field]


class StepForm(FocusedForm):
    """A step of a draft. What is missing is told as the playbook is checked, so a half-written step is kept."""

    title = forms.CharField(label=_("Name"), max_length=200)
    after = forms.IntegerField(
        label=_("Day"),
        min_value=0,
        max_value=MOST_DAYS,
        initial=0,
        help_text=_("Counted from the start; never before the step ahead of it is over."),
    )
    unit = forms.ChoiceField(label=_("Counted in"), choices=Step.Unit.choices)

    def __init__(
        self, data: Any = None, *, kind: str, others: Sequence[Step], step: Step | None = None
    ) -> None:
        self.kind, self.step = kind, step
        super().__init__(data, initial=_initial(kind, step))
        self.own = list(_PARTS[kind]())
        self.fields.update(_PARTS[kind]())
        self.fields.update(_conditions("condition", _("Only if"), others))
        if kind == Step.Kind.WAIT:
            self.fields.update(_conditions("until", _("Waits until"), others))
            self.own += ["until", "until_step", "until_value"]
        self.fields.update(_conditions("branch", _("Afterwards, if"), others))
        behind = [one for one in others if step is None or one.position > step.position]
        places = [
            ("", _g("The step behind it")),
            *((str(one.key), one.title) for one in behind),
            ("0", _g("The end")),
        ]
        self.fields["branch_to"] = forms.ChoiceField(
            label=_("go on to"), required=False, choices=places if step is not None else places[::2] or places
        )
        if step is None:
            set_choices(self.fields["branch_to"], [places[0], places[-1]])

    @property
    def common(self) -> list[forms.BoundField]:
        """The fields every step has."""
        return [self[name] for name in ("title", "after", "unit")]

    @property
    def parts(self) -> list[forms.BoundField]:
        """The fields of its kind."""
        return [self[name] for name in self.own]

    @property
    def only(self) -> list[forms.BoundField]:
        """The fields of its condition."""
        return [self[name] for name in ("condition", "condition_step", "condition_value")]

    @property
    def turns(self) -> list[forms.BoundField]:
        """The fields of its branch."""
        return [self[name] for name in ("branch", "branch_step", "branch_value", "branch_to")]

    def values(self) -> dict[str, Any]:
        """Return what `step_add` and `step_update` take."""
        said = self.cleaned_data
        params = {name: _plain(said[name]) for name in _PARTS[self.kind]()}
        if "links" in params:
            params["links"] = _links(str(params["links"]))
        if "items" in params:
            params["items"] = [line for line in str(params["items"]).splitlines() if line.strip()]
        if self.kind == Step.Kind.WAIT:
            params["until"] = _condition(said, "until")
        branch = _condition(said, "branch")
        return {
            "title": said["title"],
            "after": said["after"],
            "unit": said["unit"],
            "condition": _condition(said, "condition"),
            "branch": branch,
            "branch_to": int(said["branch_to"]) if branch and said["branch_to"] else None,
            "params": params,
        }


def _conditions(name: str, label: Any, others: Sequence[Step]) -> Fields:
    groups: dict[str, list[tuple[str, Any]]] = {}
    for kind in CONDITIONS.values():
        groups.setdefault(str(kind.group), []).append((kind.key, kind.label))
    nothing = ("", _g("Nothing in particular") if name == "until" else _g("Always"))
    steps = [("", "—"), *((str(one.key), one.title) for one in others)]
    return {
        name: forms.ChoiceField(label=label, required=False, choices=[nothing, *groups.items()]),
        f"{name}_step": forms.ChoiceField(
            label=_("Of which step"),
            required=False,
            choices=steps,
            help_text=_("For tasks, surveys and offers of this playbook."),
        ),
        f"{name}_value": forms.CharField(
            label=_("Value"),
            required=False,
            max_length=120,
            help_text=_("A score, tag, event, or field=value; empty for the others."),
        ),
    }


def _condition(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    kind = CONDITIONS.get(said.get(name) or "")
    if kind is None:
        return {}
    found: dict[str, Any] = {"kind": kind.key}
    if kind.of and said.get(f"{name}_step"):
        found["step"] = int(said[f"{name}_step"])
    if kind.value:
        found["value"] = said.get(f"{name}_value", "").strip()
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return value


def _links(text: str) -> list[dict[str, str]]:
    """Read links: one a line, kind, what it says and where it leads, with bars between; the kind may be left out."""
    found = []
    kinds = {str(word).casefold(): key for key, word in LINKS.items()} | {key: key for key in LINKS}
    for line in text.splitlines():
        parts = [part.strip() for part in line.split(SEPARATOR)]
        if not any(parts):
            continue
        kind = kinds.get(parts[0].casefold(), "") if len(parts) > 1 else ""
        label = SEPARATOR.join(parts[1 if kind else 0 : -1])
        found.append({"kind": kind or "material", "label": label, "url": parts[-1]})
    return found


def _owner() -> forms.ChoiceField:
    people = [(f"{PERSON}{one.pk}", one.name or one.email) for one in assignable_people()]
    return forms.ChoiceField(
        label=_("Done by"),
        choices=[("", _("Choose")), *OWNERS.items(), (_("One person"), people)],
        required=False,
    )


def _roles() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("To"), choices=Contact.Role.choices, widget=forms.CheckboxSelectMultiple, required=False
    )


def _body(label: Any = None) -> forms.CharField:
    return forms.CharField(
        label=label or _("Details"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


def _message() -> Fields:
    names = ", ".join(f"{{{{ {name} }}}}" for name in FIELDS)
    body = _body(_("Message"))
    body.widget.attrs["rows"] = 7
    body.help_text = _g("Fields: %(names)s. It leaves in working hours, never to people who opted out.") % {
        "names": names
    }
    return {
        "roles": _roles(),
        "subject": forms.CharField(label=_("Subject"), required=False, max_length=180),
        "body": body,
        "links": forms.CharField(
            label=_("Links"),
            required=False,
            max_length=3000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("One a line: case, webinar or material | what it says | https://…"),
        ),
    }


def _due() -> Fields:
    return {
        "owner": _owner(),
        "due_days": forms.IntegerField(
            label=_("Due in so many working days"), min_value=0, max_value=MOST_DAYS, initial=1
        ),
        "priority": forms.TypedChoiceField(
            label=_("Priority"), choices=Task.Priority.choices, coerce=int, initial=Task.Priority.NORMAL
        ),
        "body": _body(),
    }


def _task() -> Fields:
    items = _body(_("Checklist"))
    items.help_text = _g("One line each.")
    return {**_due(), "items": items}


def _call() -> Fields:
    role = forms.ChoiceField(
        label=_("Whom to call"), required=False, choices=[("", _("Anybody there")), *Contact.Role.choices]
    )
    return {"role": role, **_due()}


def _offer() -> Fields:
    return {
        "offer": forms.ChoiceField(label=_("What is offered"), choices=list(OFFERS.items())),
        "amount_cents": MoneyField(label=_("Amount a month"), required=False),
        **_due(),
    }


def _meeting() -> Fields:
    return {
        "form": forms.ChoiceField(label=_("What it is"), choices=list(MEETINGS.items())),
        "in_days": forms.IntegerField(
            label=_("In so many working days"), min_value=1, max_value=MOST_DAYS, initial=5
        ),
        "on": DayField(
            label=_("On this day instead"), required=False, help_text=_("For a webinar whose day is known.")
        ),
        "at": forms.TimeField(
            label=_("At"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial=dt.time(10)
        ),
        "minutes": forms.IntegerField(label=_("Minutes"), min_value=5, max_value=1440, initial=45),
        "place": forms.CharField(label=_("Place or link"), required=False, max_length=300),
        **_message(),
    }


def _survey() -> Fields:
    surveys = Survey.objects.filter(archived_at__isnull=True).order_by("name")
    return {
        "survey": forms.TypedChoiceField(
            label=_("Survey"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("Choose")), *surveys.values_list("pk", "name")],
        ),
        "roles": _roles(),
    }


def _stage() -> Fields:
    return {"stage": forms.ChoiceField(label=_("Stage"), choices=Stage.choices)}


def _wait() -> Fields:
    return {
        "at_most": forms.IntegerField(label=_("At most so many days"), min_value=1, max_value=365, initial=7)
    }


def _field() -> Fields:
    known = AttributeDefinition.objects.filter(archived_at__isnull=True).values_list("key", flat=True)
    return {
        "change": forms.ChoiceField(label=_("What changes"), choices=list(CHANGES.items())),
        "name": forms.CharField(
            label=_("Tag, or key of the field"),
            max_length=60,
            required=False,
            help_text=_g("Fields: %(names)s") % {"names": ", ".join(known) or "—"},
        ),
        "value": forms.CharField(label=_("Value of the field"), required=False, max_length=500),
    }


def _webhook() -> Fields:
    return {
        "url": forms.CharField(
            label=_("Address"),
            required=False,
            max_length=500,
            widget=forms.URLInput(attrs={"placeholder": "https://example.com/zelo"}),
            help_text=_(
                "It is told the playbook, the step and the customer; if it is down, the playbook goes on."
            ),
        )
    }


_PARTS: Mapping[str, Callable[[], Fields]] = {
    Step.Kind.TASK: _task,
    Step.Kind.EMAIL: _message,
    Step.Kind.CALL: _call,
    Step.Kind.MEETING: _meeting,
    Step.Kind.OFFER: _offer,
    Step.Kind.SURVEY: _survey,
    Step.Kind.STAGE: _stage,
    Step.Kind.WAIT: _wait,
    Step.Kind.FIELD: _field,
    Step.Kind.WEBHOOK: _webhook,
}
KIND_CHOICES = [(key, Step.Kind(key).label, kind) for key, kind in KINDS.items()]


def _initial(kind: str, step: Step | None) -> dict[str, Any]:
    if step is None:
        return {}
    params = dict(step.params)
    if "links" in params:
        params["links"] = "\n".join(
            f" {SEPARATOR} ".join((one.get("kind", ""), one.get("label", ""), one.get("url", "")))
            for one in params["links"] or []
        )
    if "items" in params:
        params["items"] = "\n".join(params["items"] or [])
    if params.get("at"):
        params["at"] = dt.time.fromisoformat(str(params["at"]))
    asked = {"condition": step.condition, "branch": step.branch, "until": params.pop("until", None) or {}}
    for name, one in asked.items():
        params |= {
            name: one.get("kind", ""),
            f"{name}_step": one.get("step", ""),
            f"{name}_value": one.get("value", ""),
        }
    to = "" if step.branch_to is None else str(step.branch_to)
    return {**params, "title": step.title, "after": step.after, "unit": step.unit, "branch_to": to}
