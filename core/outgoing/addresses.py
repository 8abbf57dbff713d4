"""Which addresses a webhook may go to: public ones, and those an operator has named.

Whoever may set up a webhook could otherwise make this server knock at its own network (SSRF). An address inside
another one (IPv4 mapped into IPv6, NAT64, 6to4, Teredo) is judged by what is inside as well.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""A host name and a port → its addresses as text. The system's by default; a test brings its own."""

HTTP_PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
NAT64_INSIDE = ipaddress.IPv6Network("64:ff9b:1::/48")  # a network's own translation: never the internet
COMPATIBLE = ipaddress.IPv6Network("::/96")
# Neither "private" to every Python nor the internet: carriers' NAT, the addresses of protocols.
SPECIAL = (ipaddress.IPv4Network("100.64.0.0/10"), ipaddress.IPv4Network("192.0.0.0/24"))


class AddressRefused(Exception):  # noqa: N818 - it is refused, not in error
    """The address must not be called; the message says why, in the reader's language."""


def split(url: str) -> SplitResult:
    """Return the parts of an address that may be called as far as its text goes; raises AddressRefused."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise AddressRefused(
            _("This is not a web address. It looks like https://example.com/hook.")
        ) from error
    if parts.scheme not in HTTP_PORTS or not parts.hostname:
        raise AddressRefused(_("The address has to begin with https:// and name a host."))
    if parts.scheme == "http" and settings.PRODUCTION and not named_by_operator(parts.hostname):
        raise AddressRefused(_("Use https://: what is sent could be read on its way otherwise."))
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(
            _("Leave user name and password out of the address; the signature proves the sender.")
        )
    if port == 0:
        raise AddressRefused(_("The port 0 does not exist."))
    return parts


def reachable(url: str, resolve: Resolve | None = None) -> list[str]:
    """Return the checked addresses of a URL's host, in the order to try them.

    All of them have to be allowed: a name with one public and one inner address is refused. The caller has to
    connect to one of these and not ask for the name again, or the answer could have changed (DNS rebinding).
    Raises AddressRefused, also where the name has no address.
    """
    parts = split(url)
    host = parts.hostname or ""
    port = parts.port or HTTP_PORTS[parts.scheme]
    try:
        found = list((resolve or system_resolve)(host, port))
    except (OSError, UnicodeError) as error:
        raise AddressRefused(_("There is no server called %(host)s.") % {"host": host}) from error
    if not found:
        raise AddressRefused(_("There is no server called %(host)s.") % {"host": host})
    for text in found:
        address = ipaddress.ip_address(text.partition("%")[0])
        if not (is_public(address) or named_by_operator(host) or named_by_operator(str(address))):
            raise AddressRefused(
                _(
                    "%(host)s is an address inside a network (%(address)s). Zelo only calls servers on the internet, "
                    "and those the operator names in OUTGOING_ALLOWED."
                )
                % {"host": host, "address": address}
            )
    return found


def system_resolve(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a name; each once, in the system's order."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def is_public(address: Address) -> bool:
    """Tell whether an address, and each address that is written inside it, is one of the open internet."""
    return all(_is_global(each) for each in (address, *inside(address)))


def inside(address: Address) -> list[ipaddress.IPv4Address]:
    """Return the IPv4 addresses written inside an IPv6 one: mapped, compatible, NAT64, 6to4, Teredo."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [each for each in (address.ipv4_mapped, address.sixtofour) if each is not None]
    found += list(address.teredo or ())
    if address in COMPATIBLE or address in NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found


def named_by_operator(host_or_address: str) -> bool:
    """Tell whether OUTGOING_ALLOWED names a host, an address or the network an address is in."""
    try:
        address: Address | None = ipaddress.ip_address(host_or_address)
    except ValueError:
        address = None
    for entry in settings.OUTGOING_ALLOWED:
        if entry.lower() == host_or_address.lower():
            return True
        if address is None:
            continue
        try:
            network = ipaddress.ip_network(entry, strict=False)
        except ValueError:
            continue
        if address.version == network.version and address in network:
            return True
    return False


def _is_global(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        # A mapped or translated address is not "global" to Python; what it holds is judged by itself.
        if address.ipv4_mapped is not None or address in NAT64:
            return True
        inner = address.is_multicast or address.is_site_local or address in NAT64_INSIDE
        return address.is_global and not inner
    special = address.is_multicast or any(address in network for network in SPECIAL)
    return address.is_global and not special
