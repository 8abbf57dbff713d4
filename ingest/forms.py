"""Forms of the import pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ingest.labels import KIND_LABELS

MAX_UPLOAD_MB = 200
SUFFIXES = (".csv", ".txt", ".jsonl", ".xlsx")


class UploadForm(forms.Form):
    """Choose a kind and a file."""

    kind = forms.ChoiceField(label=_("What is in the file"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV with commas or semicolons, .jsonl or .xlsx; up to 200 MB. Nothing is written yet."),
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        max_length=200,
    )
    source = forms.CharField(
        label=_("Where it comes from"),
        required=False,
        max_length=120,
        help_text=_("A name such as “CRM”: its column names and date form are remembered for the next file."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind, f"{label}: {about}") for kind, (label, about) in KIND_LABELS.items()]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse what is no table by its name, or is too large."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(SUFFIXES):
            raise forms.ValidationError(_("Choose a .csv, .jsonl or .xlsx file."))
        if file.size > MAX_UPLOAD_MB << 20:
            raise forms.ValidationError(
                _("The file is larger than 200 MB; import it with the command “manage.py import”.")
            )
        return file
