"""Every address answers exactly those it should; an address nobody thought of answers nobody."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from accounts.middleware import declared_permission
from accounts.models import Workspace
from accounts.vendor_views import CLOSED as CLOSED_NAMES
from tests import factories
from tests.permissions import world as worlds
from tests.permissions.table import AREAS, ROLES, TABLE, Row

OF_A_CUSTOMER = [row for row in TABLE if "{customer}" in row.path]


@pytest.fixture
def world(db) -> worlds.World:
    return worlds.make()


def ask(client: Client, row: Row, path: str) -> Any:
    """Make the request and forget what it wrote, so that the next one finds the same samples."""
    kind = "application/json" if path.startswith("/api/") else "application/x-www-form-urlencoded"
    with transaction.atomic():
        response = client.generic(row.method, path, content_type=kind)
        transaction.set_rollback(True)
    return response


def verdict(response: Any) -> str:
    if response.status_code in (301, 302):
        return "login" if response["Location"].startswith("/accounts/login/") else "ok"
    if response.status_code in (401, 403, 404, 405):
        return str(response.status_code)
    return "ok" if response.status_code < 500 else f"broken: {response.status_code}"


@pytest.mark.parametrize("area", AREAS)
def test_a_role_gets_what_the_table_says(area: str, world: worlds.World, login):
    clients = {role: login(person) for role, person in world.people.items()} | {"anonymous": Client()}
    wrong = []
    for row in AREAS[area]:
        got = [verdict(ask(clients[role], row, world.path(row.path))) for role in ROLES]
        if got != row.verdicts.split():
            wrong.append(f"{row}: expected {row.verdicts}, got {' '.join(got)}")
    assert not wrong, "\n".join(wrong)


def test_a_customer_outside_the_view_does_not_exist_for_a_stranger(world: worlds.World, login):
    Workspace.objects.update_or_create(pk=1, defaults={"restrict_visibility": True})
    strangers = {"analyst": login(factories.user(role="analyst")), "viewer": login(world.people["viewer"])}
    wrong = []
    for row in OF_A_CUSTOMER:
        for role, client in strangers.items():
            usual = dict(row.by_role())[role]
            expected = (
                "404" if usual == "ok" else usual
            )  # what the role never reaches says nothing either way
            if (got := verdict(ask(client, row, world.path(row.path)))) != expected:
                wrong.append(f"{role} {row}: expected {expected}, got {got}")
    assert not wrong, "\n".join(wrong)


def test_what_belongs_to_another_customer_is_not_reached_through_ones_own(world: worlds.World, login):
    client, own = login(world.people["analyst"]), dict(world.samples)
    world.samples |= worlds.belongings(factories.customer(), world.people["analyst"])
    nested = [row for row in OF_A_CUSTOMER if row.path.count("{") > 1]
    reached = [str(row) for row in nested if ask(client, row, world.path(row.path)).status_code != 404]
    assert nested and reached == []
    world.samples = own
    assert all(ask(client, row, world.path(row.path)).status_code != 404 for row in nested)


@pytest.mark.parametrize("area", AREAS)
def test_every_page_renders_in_portuguese(area: str, db, login):
    world = worlds.make(language="pt-br")
    admin, wrong = login(world.people["admin"]), []
    for row in AREAS[area]:
        response = ask(admin, row, world.path(row.path))
        page = response.status_code == 200 and response["Content-Type"].startswith("text/html")
        whole = page and "<html" in response.content.decode()
        if whole and 'lang="pt-BR"' not in response.content.decode():
            wrong.append(f"{row} does not speak Portuguese")
    assert wrong == []


def patterns() -> Iterator[tuple[str, URLPattern]]:
    """Return every address: by its name, or by its path when it has none."""

    def walk(resolver: URLResolver, space: str, path: str) -> Iterator[tuple[str, URLPattern]]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                inner = f"{space}{entry.namespace}:" if entry.namespace else space
                yield from walk(entry, inner, path + str(entry.pattern))
            else:
                yield space + (entry.name or path + str(entry.pattern)), entry

    yield from walk(get_resolver(), "", "")


def test_every_url_is_in_the_table():
    missing = {name for name, _pattern in patterns()} - {row.name for row in TABLE}
    assert sorted(missing) == [], "add a line to tests/permissions/table.py for each"


def test_every_line_of_the_table_is_about_the_url_it_names(world: worlds.World):
    wrong = []
    for row in TABLE:
        match = resolve(world.path(row.path))
        name = match.view_name if match.url_name else match.route
        if name != row.name:
            wrong.append((row.name, name))
    assert wrong == []


def test_every_url_declares_its_permission():
    undeclared = []
    for name, pattern in patterns():
        space, _, short = name.rpartition(":")
        if declared_permission(pattern.callback, short, space) is None and name not in CLOSED_NAMES:
            undeclared.append(name)
    assert sorted(undeclared) == []


def test_a_view_that_declares_nothing_answers_nobody(admin, login, settings):
    settings.ROOT_URLCONF = "tests.permissions.undeclared_urls"
    assert login(admin).get("/forgotten/").status_code == 404


def test_paths_of_the_table_are_those_of_one_product():
    """Guard against two lines that differ in nothing: the second would never be looked at."""
    seen = [(row.method, row.path) for row in TABLE]
    assert len(seen) == len(set(seen))
    assert all(
        re.fullmatch(r"(ok|login|401|403|404)( (ok|login|401|403|404)){4}", row.verdicts) for row in TABLE
    )
