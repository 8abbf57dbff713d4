"""The contact budget's form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.models import ContactBudget
from surveys.services.budget import FIELDS

LONGEST_DAYS, MOST_MAILS = 730, 10_000


class BudgetForm(forms.ModelForm):  # type: ignore[type-arg]
    """How often people may be written to; an empty number sets no limit."""

    class Meta:
        model = ContactBudget
        fields = FIELDS
        labels = {
            "nps_days": _("Days between two NPS surveys"),
            "csat_days": _("Days between two CSAT surveys"),
            "ces_days": _("Days between two CES surveys"),
            "success_days": _("Days between two success check-ins"),
            "playbook_a_day": _("Playbook mails in 24 hours"),
            "playbook_in_14": _("Playbook mails in 14 days"),
            "person_in_14": _("Surveys and playbook mails together in 14 days"),
            "customer_a_day": _("Mails to one customer in 24 hours"),
            "reminder_days": _("Days between two reminders"),
            "event_days": _("Days after which a survey about an event is dropped"),
        }
        help_texts = {
            "csat_days": _("CSAT and CES are not blocked by an NPS survey."),
            "person_in_14": _("Counted by address: a person at two customers is one person."),
            "reminder_days": _("Reminders are counted apart from first mails."),
            "event_days": _("Asking later than that about a solved ticket would only puzzle people."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, field in self.fields.items():
            most = LONGEST_DAYS if name.endswith("_days") else MOST_MAILS
            least = 1
            if isinstance(field, forms.IntegerField):
                most = 30 if name == "event_days" else most
                field.min_value, field.max_value = least, most
                field.validators += [
                    forms.IntegerField(min_value=least, max_value=most).validators[0],
                    forms.IntegerField(min_value=least, max_value=most).validators[1],
                ]
                field.widget.attrs |= {"min": least, "max": most, "inputmode": "numeric"}
