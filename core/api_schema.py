"""What the API's description says of every operation: the refusals any call can meet, and the headers any may carry."""

from typing import Any

from core.api_sparse import SPARSE

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "To go by in a program."},
        "detail": {"type": "string", "description": "To be read."},
        "errors": {"description": "Per field, what is wrong with it."},
    },
    "example": {
        "type": "about:blank#invalid",
        "title": "Bad Request",
        "status": 400,
        "code": "invalid",
        "detail": "Some fields are not right.",
        "errors": {"name": ["This field is required."]},
    },
}
ANY = {
    400: "Some fields are not right, or the body cannot be read.",
    401: "No token, or one that opens nothing.",
    403: "The role or the token's scopes do not allow this.",
    404: "There is nothing here, or you may not see it.",
    405: "This cannot be done here.",
    429: "The token called too often; `Retry-After` says in how many seconds to come back.",
}
WRITE = {
    409: "A call with this `Idempotency-Key` is being worked on, or the state forbids it.",
    412: "Somebody changed it since it was read (`If-Match`).",
    413: "The call is larger than one may be.",
    415: "The body is of a type that is not read here.",
    422: "The `Idempotency-Key` stands for another call, or nothing of what was sent could be read.",
}
READ_ONE = {304: "You have this version already (`If-None-Match`)."}
UNSAFE = frozenset({"post", "put", "patch", "delete"})
VERBS = UNSAFE | {"get"}


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add to each operation the answers and headers that the middleware and the exception handler give."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    result["components"]["securitySchemes"]["basicKey"] = {
        "type": "http",
        "scheme": "basic",
        "description": "The token as user name and no password, as tracking libraries send it.",
    }
    _either(result["components"]["schemas"])
    for path, operations in result["paths"].items():
        for verb, operation in operations.items():
            if verb in VERBS:
                _answers(operation, ANY | (WRITE if verb in UNSAFE else {}))
                _headers(operation, verb, single="{" in path)
                _part(operation, result["components"]["schemas"])
                _file(operation)
    return result


def _part(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Describe the answer to who chose some fields: the same ones, none of them sure to be there."""
    if not any(one["name"] == "fields" for one in operation.get("parameters", [])):
        return
    content = operation["responses"]["200"]["content"]
    content[SPARSE] = {"schema": _sparse(content["application/json"]["schema"], schemas)}


def _file(operation: dict[str, Any]) -> None:
    """Describe the file that a list can answer with."""
    if any(one["name"] == "format" for one in operation.get("parameters", [])):
        content = operation["responses"]["200"]["content"]
        content["text/csv"] = {"schema": {"type": "string", "description": "A header and a row each."}}
        content["application/x-ndjson"] = {"schema": {"type": "string", "description": "An object a line."}}


def _sparse(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of which every row may lack fields; a page itself lacks none."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        whole = schemas[name]
        if "results" in whole.get("properties", {}):
            rows = _sparse(whole["properties"]["results"], schemas)
            return {**whole, "properties": {**whole["properties"], "results": rows}}
        schemas[f"{name}Part"] = {key: value for key, value in whole.items() if key != "required"}
        return {"$ref": f"#/components/schemas/{name}Part"}
    if "items" in schema:
        return {**schema, "items": _sparse(schema["items"], schemas)}
    return schema


def _either(node: Any) -> None:
    """Let a value be of any of the kinds it may be of: "" is an empty choice and an empty text at once."""
    if isinstance(node, dict):
        if "oneOf" in node and "discriminator" not in node:
            node["anyOf"] = node.pop("oneOf")
        for part in node.values():
            _either(part)
    elif isinstance(node, list):
        for part in node:
            _either(part)


def _answers(operation: dict[str, Any], refusals: dict[int, str]) -> None:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for status, description in refusals.items():
        own = operation["responses"].setdefault(str(status), {"description": description})
        own.setdefault("content", {}).setdefault("application/problem+json", problem)
        if status == 429:
            own["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}


def _headers(operation: dict[str, Any], verb: str, *, single: bool) -> None:
    known = {one["name"] for one in operation.get("parameters", [])}
    wanted: dict[str, str] = {}
    if verb in UNSAFE:
        wanted["Idempotency-Key"] = "The same call again with the same key gets the same bytes for 24 hours."
    if single and verb in UNSAFE:
        wanted["If-Match"] = "The ETag as it was read: the change is made only if nobody made one since."
    if single and verb == "get":
        wanted["If-None-Match"] = "The ETag you have: 304 without a body if it is the present one."
        operation["responses"].setdefault("304", {"description": READ_ONE[304]})
    for name, description in wanted.items():
        if name not in known:
            operation.setdefault("parameters", []).append(
                {"in": "header", "name": name, "description": description, "schema": {"type": "string"}}
            )
