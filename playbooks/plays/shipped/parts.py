"""Small makers of the shipped steps; texts are pairs, Portuguese and English."""

from typing import Any

Said = tuple[str, str]


def task(title: Said, after: int = 0, *, body: Said = ("", ""), due: int = 1, **more: Any) -> dict[str, Any]:
    """Make a task for the customer's owner, due in working days."""
    params = {
        "owner": more.pop("owner", "owner"),
        "due_days": due,
        "priority": more.pop("priority", 2),
        "body": body,
        "items": more.pop("items", []),
    }
    return {"kind": "task", "title": title, "after": after, "params": params, **more}


def call(
    title: Said, after: int = 0, *, body: Said = ("", ""), role: str = "champion", **more: Any
) -> dict[str, Any]:
    """Make a call to somebody there by role."""
    made = task(title, after, body=body, **more)
    made["kind"] = "call"
    made["params"] = {name: value for name, value in made["params"].items() if name != "items"} | {
        "role": role
    }
    return made


def mail(title: Said, after: int, *, subject: Said, body: Said, **more: Any) -> dict[str, Any]:
    """Make a mail, to the champion unless it says otherwise."""
    params = {
        "roles": more.pop("roles", ["champion"]),
        "subject": subject,
        "body": body,
        "links": more.pop("links", []),
    }
    return {"kind": "email", "title": title, "after": after, "params": params, **more}


def meeting(title: Said, after: int, *, subject: Said, body: Said, **more: Any) -> dict[str, Any]:
    """Make an invitation to a meeting or webinar."""
    params = {
        "form": more.pop("form", "meeting"),
        "in_days": more.pop("in_days", 5),
        "on": None,
        "at": more.pop("at", "10:00"),
        "minutes": more.pop("minutes", 45),
        "place": "",
        "roles": more.pop("roles", ["champion"]),
        "subject": subject,
        "body": body,
        "links": [],
    }
    return {"kind": "meeting", "title": title, "after": after, "params": params, **more}


def offer(title: Said, after: int, *, kind: str, cents: int, body: Said, **more: Any) -> dict[str, Any]:
    """Make an offer with an amount a month."""
    params = {
        "owner": more.pop("owner", "owner"),
        "due_days": 2,
        "priority": 3,
        "body": body,
        "offer": kind,
        "amount_cents": cents,
    }
    return {"kind": "offer", "title": title, "after": after, "params": params, **more}


def wait(title: Said, after: int, *, until: dict[str, Any], at_most: int, **more: Any) -> dict[str, Any]:
    """Make a wait until something holds, at most so many days."""
    return {
        "kind": "wait",
        "title": title,
        "after": after,
        "params": {"until": until, "at_most": at_most},
        **more,
    }


def tag(title: Said, after: int, *, name: Said, on: bool = True, **more: Any) -> dict[str, Any]:
    """Put a tag on a customer, or take it off."""
    params = {"change": "tag_add" if on else "tag_remove", "name": name, "value": ""}
    return {"kind": "field", "title": title, "after": after, "params": params, **more}
