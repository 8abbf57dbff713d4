"""Webhooks leave for the internet only, whatever the address, the name server or the receiver tries."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from core.outgoing.addresses import AddressRefused, reachable
from core.outgoing.client import ANSWER_BYTES, post

FORBIDDEN = [
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "javascript:alert(1)",
    "//example.com/hook",
    "example.com/hook",
    "https://",
    "https://:443/",
    "https://user:pass@1.1.1.1/",
    "https://user@1.1.1.1/",
    "https://1.1.1.1:0/",
    "https://1.1.1.1:99999/",
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://localhost/",
    "http://0.0.0.0/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://100.127.255.254/",
    "http://192.0.0.8/",
    "http://192.0.2.10/",
    "http://198.18.0.1/",
    "http://198.51.100.7/",
    "http://203.0.113.9/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a00:1::1]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[fd12:3456::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
]


@pytest.mark.parametrize("url", FORBIDDEN)
def test_a_forbidden_address_is_refused_with_a_reason_and_no_connection(url: str, monkeypatch: Any) -> None:
    opened: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, to: opened.append(to))
    answer = post(url, b"{}", {})
    assert answer.refused
    assert answer.error
    assert not opened


def test_more_than_forty_forbidden_addresses_are_tried() -> None:
    assert len(set(FORBIDDEN)) >= 40


@pytest.mark.parametrize(
    "url", ["https://1.1.1.1/hook", "https://[2606:4700:4700::1111]/x?y=1", "https://[64:ff9b::101:101]/"]
)
def test_an_address_on_the_internet_is_allowed(url: str) -> None:
    assert reachable(url)


def test_http_is_refused_in_production(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(AddressRefused, match="https"):
        reachable("http://1.1.1.1/")


def test_a_name_with_one_inner_address_among_public_ones_is_refused() -> None:
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.5"):
        reachable("https://mixed.example/", lambda host, port: ["1.1.1.1", "10.0.0.5"])


class Receiver(BaseHTTPRequestHandler):
    """Answers as the path says."""

    seen: list[str]

    def do_POST(self) -> None:
        type(self).seen.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/secret")
            self.end_headers()
        elif self.path == "/huge":
            self.send_response(200)
            self.end_headers()
            for _ in range(200):
                self.wfile.write(b"x" * 10_000)
        else:
            self.send_response(204)
            self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Receiver.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def test_a_name_server_that_changes_its_mind_reaches_nothing(server: ThreadingHTTPServer) -> None:
    """The first answer is public, every later one this machine: the name is asked for once, so nothing arrives."""
    answers = iter([["192.0.2.1"], ["127.0.0.1"], ["127.0.0.1"]])
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    url = f"http://rebind.example:{server.server_port}/"
    assert post(url, b"{}", {}, resolve=rebinding).refused  # documentation range: refused at once
    assert post(url, b"{}", {}, resolve=rebinding).refused  # now this machine: refused too
    assert asked == ["rebind.example"] * 2
    assert Receiver.seen == []


def test_the_connection_goes_to_the_checked_address_without_asking_again(
    server: ThreadingHTTPServer, settings: Any
) -> None:
    settings.OUTGOING_ALLOWED = ["127.0.0.1"]
    asked = []

    def once(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    answer = post(f"http://no-such-name.example:{server.server_port}/in", b"{}", {}, resolve=once)
    assert answer.status == 204
    assert asked == ["no-such-name.example"]
    assert Receiver.seen == ["/in"]


def test_a_redirect_is_an_answer_and_not_followed(server: ThreadingHTTPServer, settings: Any) -> None:
    settings.OUTGOING_ALLOWED = ["127.0.0.0/8"]
    answer = post(f"http://127.0.0.1:{server.server_port}/moved", b"{}", {})
    assert (answer.status, answer.ok) == (302, False)
    assert Receiver.seen == ["/moved"]


def test_no_more_of_an_answer_is_read_than_is_kept(server: ThreadingHTTPServer, settings: Any) -> None:
    settings.OUTGOING_ALLOWED = ["localhost"]
    answer = post(f"http://localhost:{server.server_port}/huge", b"{}", {})
    assert answer.ok
    assert len(answer.body) == ANSWER_BYTES


def test_a_server_that_is_not_there_is_said_so(settings: Any) -> None:
    settings.OUTGOING_ALLOWED = ["127.0.0.1"]
    answer = post("http://127.0.0.1:9/", b"{}", {})
    assert answer.status is None
    assert not answer.refused
    assert "could not be reached" in answer.error
