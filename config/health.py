"""The four addresses for machines: alive, ready, status, metrics.

Load balancers and alarms ask by IP address and without TLS; therefore `ProbeMiddleware` answers before
hosts, redirects and sessions matter. The addresses stand in `config/urls.py` too, like all others.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache

from accounts.permissions import public
from core import status

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]
_seen_migrated = False


@public
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process is up; asks nothing of anybody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers and carries this version's tables (503 when not)."""
    try:
        ready = _migrated()
    except DatabaseError:
        log.exception("The database does not answer")
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    if not ready:
        return HttpResponse("migrations are missing\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


@public
@never_cache
def statusz(request: HttpRequest) -> HttpResponse:
    """Tell how broker, nights, outbox, events and disk are, to who holds `STATUS_TOKEN` (503: not well)."""
    refused = _refuse(request, settings.STATUS_TOKEN)
    if refused:
        return refused
    seen = status.readings()
    well = all(reading.ok for reading in seen.values())
    checks = {name: {"ok": r.ok, "detail": r.detail, **r.values} for name, r in seen.items()}
    body = {"status": "ok" if well else "failing", "checks": checks}
    return JsonResponse(body, status=200 if well else 503)


@public
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the same figures as Prometheus text, to who holds `METRICS_TOKEN`."""
    refused = _refuse(request, settings.METRICS_TOKEN)
    if refused:
        return refused
    lines: list[str] = ["# TYPE zelo_ok gauge"]
    seen = status.readings()
    lines += [f'zelo_ok{{check="{name}"}} {int(reading.ok)}' for name, reading in seen.items()]
    for reading in seen.values():
        for key, value in reading.values.items():
            lines += [f"# TYPE zelo_{key} gauge", f"zelo_{key} {value!r}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _migrated() -> bool:
    """Tell whether every migration is applied; once seen, only the connection is asked."""
    global _seen_migrated  # noqa: PLW0603 - true for the life of the process
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if not _seen_migrated:
        executor = MigrationExecutor(connection)
        _seen_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _seen_migrated


def _refuse(request: HttpRequest, token: str) -> HttpResponse | None:
    """Return the refusal when the request does not carry `token` as Bearer; without a token nothing is here."""
    if not token:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if constant_time_compare(given, token):
        return None
    answer = HttpResponse(
        "a token is needed: Authorization: Bearer …\n", content_type="text/plain", status=401
    )
    answer["WWW-Authenticate"] = "Bearer"
    return answer


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/statusz": statusz,
    "/-/metrics": metrics,
}


class ProbeMiddleware:
    """Answers the four addresses for machines before any other middleware."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = PROBES.get(request.path_info)
        if view is None:
            return self.get_response(request)
        try:
            return view(request)
        except Http404:
            return HttpResponse("not found\n", content_type="text/plain", status=404)
