"""Addresses of playbooks and their runs."""

from django.urls import URLPattern, URLResolver, path

from workspace.views import playbook_edit, playbook_studies, playbooks, runs

PLAYBOOKS: list[URLPattern | URLResolver] = [
    path("playbooks/", playbooks.playbooks, name="playbooks"),
    path("playbooks/new/", playbooks.playbook_new, name="playbook_new"),
    path("playbooks/start/", runs.playbook_start, name="playbook_start"),
    path("playbooks/batches/<int:pk>/", runs.run_batch, name="run_batch"),
    path("playbooks/runs/<int:pk>/", runs.run, name="run"),
    path("playbooks/runs/<int:pk>/do/", runs.run_do, name="run_do"),
    path("playbooks/<int:pk>/", playbooks.playbook, name="playbook"),
    path("playbooks/<int:pk>/edit/", playbooks.playbook_edit, name="playbook_edit"),
    path("playbooks/<int:pk>/do/", playbooks.playbook_do, name="playbook_do"),
    path("playbooks/<int:pk>/start/", playbook_edit.playbook_start_edit, name="playbook_start_edit"),
    path("playbooks/<int:pk>/runs/", runs.playbook_runs, name="playbook_runs"),
    path("playbooks/<int:pk>/rehearsal/", playbook_studies.playbook_rehearsal, name="playbook_rehearsal"),
    path("playbooks/<int:pk>/effect/", playbook_studies.playbook_effect, name="playbook_effect"),
    path("playbooks/<int:pk>/effect/measure/", playbook_studies.playbook_measure, name="playbook_measure"),
    path(
        "playbooks/<int:pk>/steps/new/<slug:kind>/", playbook_edit.playbook_step_new, name="playbook_step_new"
    ),
    path("playbooks/<int:pk>/steps/<int:key>/", playbook_edit.playbook_step, name="playbook_step"),
    path("playbooks/<int:pk>/steps/<int:key>/do/", playbook_edit.playbook_step_do, name="playbook_step_do"),
]
