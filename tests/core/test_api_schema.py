"""The API's description names the refusals and headers that every operation has, and is itself well-formed."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from core.api_schema import ANY, UNSAFE, VERBS, WRITE
from tests.described import description


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in description()["paths"].items():
        for verb in VERBS & item.keys():
            yield path, verb, item[verb]


def test_every_operation_names_the_refusals_it_can_meet():
    assert description()["openapi"] == "3.1.0"
    missing = [
        (path, verb, status)
        for path, verb, said in operations()
        for status in ANY | (WRITE if verb in UNSAFE else {})
        if "application/problem+json" not in said["responses"].get(str(status), {}).get("content", {})
    ]
    assert len(list(operations())) > 130 and missing == []


def test_every_write_takes_a_key_and_every_single_resource_a_version():
    for path, verb, said in operations():
        names = {one["name"] for one in said.get("parameters", []) if one["in"] == "header"}
        assert ("Idempotency-Key" in names) == (verb in UNSAFE), path
        if "{" in path:
            assert ("If-Match" if verb in UNSAFE else "If-None-Match") in names, path


def test_every_schema_is_one_and_every_operation_has_a_name_of_its_own():
    for name, schema in description()["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid({**schema, "components": description()["components"]}), name
    names = [said["operationId"] for _, _, said in operations()]
    assert len(names) == len(set(names))
