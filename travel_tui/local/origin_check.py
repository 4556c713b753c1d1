"""Host and Origin check: blocks web pages that reach the endpoint through a foreign Host name or Origin."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether a host name or address is a loopback one."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_host_and_origin(headers: dict[str, str], served: str) -> str | None:
    """Return the reason to reject a request for its Host or Origin; None if both are the endpoint's own.

    A web page elsewhere can point a DNS name at 127.0.0.1 and let a browser call it (DNS rebinding), so all names are
    rejected except localhost and `served`, the host that the endpoint listens on. Addresses cannot be rebound, so they
    are accepted if the endpoint serves more than loopback.
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
