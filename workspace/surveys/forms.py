"""What a team types about surveys: their words and look, themes, what was done about a low answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FocusedForm, MomentField
from surveys.models import Language, Survey, SurveyKind, SurveyText, Theme
from surveys.standard import STANDARD

LABELS: dict[str, Any] = {
    "question": _("Question"),
    "lead": _("Line under the question"),
    "low_end": _("Lowest score"),
    "high_end": _("Highest score"),
    "follow_any": _("Follow-up before a score is chosen"),
    "follow_low": _("Follow-up for low scores"),
    "follow_middle": _("Follow-up for middle scores"),
    "follow_high": _("Follow-up for high scores"),
    "thanks": _("Thank-you"),
    "mail_subject": _("Subject of the mail"),
    "mail_intro": _("First lines of the mail"),
}


class LookForm(FocusedForm):
    """A survey's name and look."""

    name = forms.CharField(label=_("Name"), max_length=80)
    brand_name = forms.CharField(
        label=_("Brand"), max_length=80, required=False, help_text=_("Empty: the workspace's name.")
    )
    brand_colour = forms.RegexField(
        regex=r"^#[0-9a-fA-F]{6}$",
        label=_("Brand colour"),
        initial="#3355d6",
        help_text=_("Like #3355d6. Where it would be hard to read it is darkened or lightened by itself."),
        error_messages={"invalid": _("A colour is written as # and six digits, like #3355d6.")},
    )
    logo = forms.FileField(
        label=_("Logo"), required=False, help_text=_("PNG, JPEG, WebP or GIF, up to 5 kB.")
    )
    remove_logo = forms.BooleanField(label=_("No logo"), required=False)
    link_days = forms.IntegerField(
        label=_("A link answers for so many days"),
        min_value=1,
        max_value=365,
        required=False,
        initial=30,
        help_text=_("Empty: until the survey closes."),
    )
    closes_at = MomentField(label=_("Closes"), required=False)


class NewSurveyForm(LookForm):
    """A new survey."""

    kind = forms.ChoiceField(label=_("What is asked"), choices=SurveyKind.choices)
    field_order = ("kind", "name")


class WordsForm(FocusedForm):
    """A survey's own words in one language; what is empty stands as the grey standard text."""

    def __init__(self, *args: Any, survey: Survey, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standard = STANDARD[language][survey.kind]
        for name, label in LABELS.items():
            long = name in ("mail_intro", "thanks")
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=_limit(name),
                widget=forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput(),
            )
            self.fields[name].widget.attrs["placeholder"] = getattr(standard, name)


def _limit(name: str) -> int | None:
    limit: int | None = getattr(SurveyText._meta.get_field(name), "max_length", None)
    return limit


class ThemeForm(FocusedForm):
    """A theme and the words it is found by."""

    name = forms.CharField(label=_("Name"), max_length=60)

    def __init__(self, *args: Any, theme: Theme | None = None, **kwargs: Any) -> None:
        if theme is not None:
            kwargs["initial"] = {
                "name": theme.name,
                **{_field(code): "\n".join(theme.keywords.get(code, [])) for code in Language.values},
            }
        super().__init__(*args, **kwargs)
        for code, name in Language.choices:
            self.fields[_field(code)] = forms.CharField(
                label=name,
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 5}),
                help_text=_("One word or phrase a line; with * at its end it may go on."),
            )

    def keywords(self) -> dict[str, list[str]]:
        """Return the typed words by language."""
        return {code: self.cleaned_data[_field(code)].splitlines() for code in Language.values}


def _field(code: str) -> str:
    return f"words_{code.replace('-', '_')}"


class CloseForm(FocusedForm):
    """What was done about a low answer."""

    done = forms.CharField(
        label=_("What was done"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Write it so that the contact can read it: these words can be passed on to them."),
    )


class DeadlineForm(FocusedForm):
    """How long low answers may wait."""

    hours = forms.IntegerField(label=_("Hours by the calendar"), min_value=1, max_value=720)
    working_hours = forms.IntegerField(label=_("Working hours"), min_value=1, max_value=240)
