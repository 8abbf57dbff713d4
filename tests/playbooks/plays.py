"""Playbooks for tests, made by the services as people make them."""

import itertools
from typing import Any

from accounts.models import User
from config import pipeline
from playbooks.models import Playbook, Run, RunStep
from playbooks.services import playbooks as service

_numbers = itertools.count(1)
MAIL = {"roles": ["champion"], "subject": "Hello {{ customer }}", "body": "Dear {{ first_name }}"}
PARAMS: dict[str, dict[str, Any]] = {
    "task": {"owner": "owner"},
    "call": {"owner": "owner"},
    "email": MAIL,
    "meeting": {**MAIL, "form": "meeting", "in_days": 2, "at": "10:00", "minutes": 30},
    "offer": {"owner": "owner", "offer": "discount", "amount_cents": 10_000},
    "stage": {"stage": "support"},
    "field": {"change": "tag_add", "name": "vip"},
    "webhook": {"url": "https://hook.example/zelo"},
}


def step(kind: str = "task", title: str = "", **values: Any) -> dict[str, Any]:
    """Say what a step is; `params` come on top of those that make the kind complete."""
    params = {**PARAMS.get(kind, {}), **values.pop("params", {})}
    return {"kind": kind, "title": title or f"{kind.title()} {next(_numbers)}", "params": params, **values}


def written(actor: User, *steps: dict[str, Any], name: str = "", **start: Any) -> Playbook:
    """Write a playbook and leave it a draft."""
    playbook = service.playbook_create(actor=actor, name=name or f"Playbook {next(_numbers)}")
    service.start_update(actor=actor, playbook=playbook, changes=start)
    for one in steps:
        values = dict(one)
        kind = values.pop("kind")
        service.step_add(actor=actor, playbook=playbook, kind=kind, values=values)
    return playbook


def published(actor: User, *steps: dict[str, Any], on: bool = False, **start: Any) -> Playbook:
    """Write and publish a playbook; `on`: let it start by itself."""
    playbook = written(actor, *(steps or (step(),)), **start)
    service.playbook_publish(actor=actor, playbook=playbook)
    if on:
        service.playbook_switch(actor=actor, playbook=playbook, on=True)
    playbook.refresh_from_db()
    return playbook


def edited(actor: User, playbook: Playbook) -> None:
    """Open a draft of a playbook that cannot be published as it stands."""
    values = {"title": "Nobody does it", "after": 30, "params": {}}
    service.step_add(actor=actor, playbook=playbook, kind="task", values=values)


def go_on() -> None:
    """Let the pipeline do what is due of playbooks."""
    pipeline.finish(["events", "playbook starts", "playbook runs"])


def came_to(run: Run) -> list[tuple[int, str]]:
    """Return the steps a run has come to, by key, with their states."""
    return list(RunStep.objects.filter(run=run).order_by("pk").values_list("key", "state"))
