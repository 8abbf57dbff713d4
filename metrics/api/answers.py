"""What the figures' answers look like, for the API's description: `from` is no name a serializer could have."""

from typing import Any

_DAY: dict[str, Any] = {"type": "string", "format": "date"}
_VALUE: dict[str, Any] = {
    "type": ["string", "number", "null"],
    "description": "Money is a string with two decimals, a rate an unrounded fraction; null: not defined.",
}
_SHARES: dict[str, Any] = {"type": "array", "items": {"type": ["number", "null"]}}


def _object(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


def _by_key(value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": value}


_ROW = _object(
    {
        "from": _DAY,
        "to": _DAY,
        "slice": {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
        "values": _by_key(_VALUE),
        "counts": _by_key(_object({"numerator": _VALUE, "denominator": _VALUE})),
        "previous": _by_key(_VALUE),
        "targets": _by_key(_VALUE),
        "intervals": _by_key({"type": "array", "items": _VALUE, "minItems": 2, "maxItems": 2}),
        "provisional": {"type": "array", "items": {"type": "string"}},
        "no_real_change": {"type": "array", "items": {"type": "string"}},
        "notes": _by_key({"type": "string"}),
        "missing_nights": {"type": "integer"},
        "restated": {
            "type": "string",
            "format": "date-time",
            "description": "When rows of the period last changed after it was first told.",
        },
    },
    "targets",
    "intervals",
    "provisional",
    "no_real_change",
    "notes",
    "missing_nights",
    "restated",
)

KPIS: dict[str, Any] = _object(
    {
        "from": _DAY,
        "to": _DAY,
        "grain": {"type": ["string", "null"]},
        "currency": {"type": "string"},
        "published": {"type": "boolean"},
        "rows": {"type": "array", "items": _ROW},
    },
    "published",
)

COHORTS: dict[str, Any] = _object(
    {
        "from": _DAY,
        "to": _DAY,
        "currency": {"type": "string"},
        "segment": {"type": ["string", "null"]},
        "cohorts": {
            "type": "array",
            "items": _object(
                {
                    "month": {
                        "type": "string",
                        "description": "The month of the first payment, like 2026-01.",
                    },
                    "started": {"type": "integer"},
                    "customers": {"type": "array", "items": {"type": ["integer", "null"]}},
                    "customer_shares": _SHARES,
                    "mrr": {"type": "array", "items": {"type": ["string", "null"]}},
                    "mrr_shares": _SHARES,
                }
            ),
        },
    }
)
