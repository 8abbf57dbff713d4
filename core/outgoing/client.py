"""One POST to a checked address: no redirect followed, no more of the answer read than is shown, an end in sight."""

import time as clock
from collections.abc import Mapping
from dataclasses import dataclass

import urllib3
from django.utils.translation import gettext as _
from urllib3.exceptions import HTTPError

from core.outgoing.addresses import AddressRefused, Resolve, reachable, split

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
ANSWER_BYTES = 4096
CHUNK = 1024


@dataclass(frozen=True)
class Answer:
    """What a server said: the status, the beginning of the body, and how many milliseconds it took.

    `status` is null when there was no answer; `error` then says why in the reader's language.
    `refused` marks an address that must not be called at all.
    """

    status: int | None
    body: str = ""
    error: str = ""
    milliseconds: int = 0
    refused: bool = False

    @property
    def ok(self) -> bool:
        """Whether the message was taken: any status of the 200s."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str], *, resolve: Resolve | None = None) -> Answer:
    """Send `body` to `url` and return the answer; never raises for what the other side does.

    The name is resolved once, every address of it is checked, and the connection is made to a checked one, with the
    name kept for TLS: a name server that answers otherwise a moment later changes nothing.
    """
    started = clock.monotonic()
    try:
        addresses = reachable(url, resolve)
    except AddressRefused as refusal:
        return Answer(None, error=str(refusal), refused=True)
    failure = ""
    for address in addresses[:2]:
        try:
            status, text = _send(url, address, body, headers, deadline=started + TOTAL_SECONDS)
        except (HTTPError, OSError) as error:
            failure = _said(error)
            continue
        return Answer(status, text, milliseconds=_since(started))
    return Answer(None, error=failure, milliseconds=_since(started))


def _send(
    url: str, address: str, body: bytes, headers: Mapping[str, str], *, deadline: float
) -> tuple[int, str]:
    parts = split(url)
    host = parts.hostname or ""
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=max(deadline - clock.monotonic(), 0.1))
    with _pool(parts.scheme, host, address, parts.port, timeout) as pool:
        path = parts.path or "/"
        answer = pool.urlopen(
            "POST",
            f"{path}?{parts.query}" if parts.query else path,
            body=body,
            headers={"Host": parts.netloc, "User-Agent": "Zelo-Webhooks/1", **headers},
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
            assert_same_host=False,
        )
        read = b""
        try:
            while len(read) < ANSWER_BYTES and clock.monotonic() < deadline:
                chunk = answer.read(CHUNK)
                if not chunk:
                    break
                read += chunk
        finally:
            answer.close()
        return answer.status, read[:ANSWER_BYTES].decode("utf-8", "replace").replace("\x00", "")


def _pool(
    scheme: str, host: str, address: str, port: int | None, timeout: urllib3.Timeout
) -> urllib3.HTTPConnectionPool:
    if scheme == "https":
        return urllib3.HTTPSConnectionPool(
            address,
            port or 443,
            timeout=timeout,
            maxsize=1,
            cert_reqs="CERT_REQUIRED",
            assert_hostname=host,
            server_hostname=host,
        )
    return urllib3.HTTPConnectionPool(address, port or 80, timeout=timeout, maxsize=1)


def _since(started: float) -> int:
    return round((clock.monotonic() - started) * 1000)


def _said(error: Exception) -> str:
    if isinstance(error, urllib3.exceptions.SSLError):
        return _("The certificate of the server is not right: %(error)s") % {"error": str(error)[:200]}
    late = isinstance(error, urllib3.exceptions.TimeoutError)
    if late and not isinstance(error, urllib3.exceptions.NewConnectionError):
        return _("The server did not answer in time.")
    return _("The server could not be reached: %(error)s") % {"error": str(error)[:200]}
