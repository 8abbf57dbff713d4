"""The forms of a playbook itself: its name, and what starts it for whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FocusedForm
from customers.models import Segment, Stage
from customers.services.owners import assignable_people
from playbooks.alerts.kinds import KINDS as ALERT_KINDS
from playbooks.models import Playbook, PlaybookVersion
from playbooks.plays.kinds import MOST_DAYS
from playbooks.services.runs import MOST_HOLDOUT
from workspace.tasks.forms import PersonField

BANDS = (
    ("green", _("Green")),
    ("yellow", _("Yellow")),
    ("red", _("Red")),
    ("unknown", _("Not scored")),
)
AGAIN = (
    ("never", _("Never: once for a customer")),
    ("idle", _("Whenever none is running for the customer")),
    ("days", _("So many days after it last started")),
)


class PlaybookForm(FocusedForm):
    """What a playbook is called and for."""

    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence for the team."),
    )
    owner = PersonField(label=_("Owner"), queryset=None, required=False)

    def __init__(self, data: Any = None, *, playbook: Playbook | None = None) -> None:
        names = ("name", "purpose", "owner")
        super().__init__(
            data, initial={name: getattr(playbook, name) for name in names} if playbook else None
        )
        self.fields["owner"].queryset = assignable_people()  # type: ignore[attr-defined]


class StartForm(FocusedForm):
    """What starts a playbook by itself, for whom, how often, and who is held back to compare."""

    starts = forms.ChoiceField(label=_("Starts"), choices=PlaybookVersion.Starts.choices)
    alerts = forms.MultipleChoiceField(
        label=_("Alerts that start it"),
        required=False,
        choices=[(key, kind.name) for key, kind in ALERT_KINDS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only where it starts by an alert."),
    )
    entered_stages = forms.MultipleChoiceField(
        label=_("Stages whose entering starts it"),
        required=False,
        choices=Stage.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    entered_segments = forms.MultipleChoiceField(
        label=_("Segments whose entering starts it"),
        required=False,
        choices=Segment.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    days_before = forms.IntegerField(
        label=_("Days before the renewal"), required=False, min_value=1, max_value=MOST_DAYS
    )
    segments = forms.MultipleChoiceField(
        label=_("Only in these segments"),
        required=False,
        choices=Segment.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    stages = forms.MultipleChoiceField(
        label=_("Only in these stages"),
        required=False,
        choices=Stage.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    bands = forms.MultipleChoiceField(
        label=_("Only with this health"), required=False, choices=BANDS, widget=forms.CheckboxSelectMultiple
    )
    again = forms.ChoiceField(label=_("Starts again for the same customer"), choices=AGAIN)
    again_days = forms.IntegerField(
        label=_("After how many days"), required=False, min_value=1, max_value=MOST_DAYS
    )
    holdout = forms.IntegerField(
        label=_("Share held back to compare, %"),
        min_value=0,
        max_value=MOST_HOLDOUT,
        help_text=_("These customers do not get it; what it is worth is measured against them."),
    )

    def __init__(self, data: Any = None, *, version: PlaybookVersion) -> None:
        super().__init__(data, initial=_initial(version))

    def clean(self) -> dict[str, Any]:
        """Ask for the days where they are needed."""
        said = super().clean() or {}
        if said.get("again") == "days" and not said.get("again_days"):
            self.add_error("again_days", _("Give the number of days."))
        return said

    def values(self) -> dict[str, Any]:
        """Return what `start_update` takes."""
        said = self.cleaned_data
        starts = said["starts"]
        values = {"alert": "alerts", "stage": "entered_stages", "segment": "entered_segments"}
        return {
            "starts": starts,
            "start_values": said[values[starts]] if starts in values else [],
            "days_before": said["days_before"] if starts == "renewal" else None,
            "segments": said["segments"],
            "stages": said["stages"],
            "bands": said["bands"],
            "again_days": {"never": None, "idle": 0}.get(said["again"], said["again_days"]),
            "holdout": said["holdout"],
        }


def _initial(version: PlaybookVersion) -> dict[str, Any]:
    again = {None: "never", 0: "idle"}.get(version.again_days, "days")
    by_kind = {"alert": "alerts", "stage": "entered_stages", "segment": "entered_segments"}
    chosen = {by_kind[version.starts]: version.start_values} if version.starts in by_kind else {}
    names = ("starts", "days_before", "segments", "stages", "bands", "holdout")
    return {
        **{name: getattr(version, name) for name in names},
        **chosen,
        "again": again,
        "again_days": version.again_days or None,
    }
