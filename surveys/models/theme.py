"""What comments are about."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core import time
from surveys.models.response import Response


class Theme(models.Model):
    """A subject of comments, recognised by words. `keywords`: per language a list of words or phrases.

    A word also finds its endings when it ends in `*`; case and accents do not matter (`surveys/reading/themes.py`).
    """

    name = models.CharField(max_length=60)
    keywords = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(archived_at__isnull=True), name="surveys_theme_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ResponseTheme(models.Model):
    """A theme of a comment. Set or taken away by hand it stays so, whatever the words say later."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="themes")
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="comments")
    by_hand = models.BooleanField(default=False)
    removed = models.BooleanField(default=False)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    set_at = models.DateTimeField(default=time.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "theme"], name="surveys_themed_once"),
            models.CheckConstraint(
                condition=Q(removed=False) | Q(by_hand=True), name="surveys_theme_removed_by_hand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme} of {self.response_id}"
