"""Host and Origin check: blocks web pages that reach the endpoint through a foreign Host name or Origin."""

from __future__ import annotations

from urllib.parse import urlsplit

from travel_tui.listener import is_own_host


def check_host_and_origin(headers: dict[str, str], served: str) -> str | None:
    """Return the reason to reject a request for its Host or Origin; None if both are the endpoint's own.

    `served` is the host that the endpoint listens on.
    """
    for header, host in (("Host", _host("//" + headers.get("host", ""))), ("Origin", _host(headers.get("origin")))):
        if host is not None and not is_own_host(host, served):
            return f"The {header} header names {host[:200]!r}, which is not this endpoint. Call it by its own address."
    return None


def _host(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
