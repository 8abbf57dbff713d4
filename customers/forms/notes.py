"""Notes and files as people type and choose them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FocusedForm
from customers.filetypes import KINDS


class NoteForm(FocusedForm):
    """A note."""

    body = forms.CharField(
        label=_("Note"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Mention a colleague as @Name and they get a mail."),
    )


class FileForm(FocusedForm):
    """A file to keep."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("PDF, Office documents, images, CSV or text; up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(KINDS)}),
    )
