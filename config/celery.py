"""The Celery application. The database is the truth; a task only rings the bell (see docs/adr)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("zelo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
