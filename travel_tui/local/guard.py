"""Who may speak to the endpoint at all: no web page through a foreign Host name or Origin."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def refusal(headers: dict[str, str], served: str) -> str | None:
    """Why a request is refused for its Host or Origin, or None where both are the endpoint's own.

    A page elsewhere can point a name of its own at 127.0.0.1 and let a browser call it (DNS rebinding), so names
    other than localhost and `served`, the host the endpoint listens on, are foreign. An address cannot be rebound,
    so one is taken where the endpoint serves more than loopback.
    """
    for header, host in (("Host", _host("//" + headers.get("host", ""))), ("Origin", _host(headers.get("origin")))):
        if host is not None and not _own(host, served):
            return f"The {header} header names {host[:200]!r}, which is not this endpoint. Call it by its own address."
    return None


def _host(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _own(host: str, served: str) -> bool:
    if is_loopback(host) or host == served.lower():
        return True
    if is_loopback(served):
        return False
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False
