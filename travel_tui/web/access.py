"""Who may use the server: its own pages alone, and where a token is needed those who have been given it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from travel_tui.listener import is_own_host


@dataclass(frozen=True, slots=True)
class Access:
    """What a request is checked against."""

    host: str
    """The host name or address that the server listens on."""
    token: str | None = None
    """The token that visitors need; None if they need none."""
    public_host: str | None = None
    """Another host name under which visitors reach the server, as through a proxy."""

    public_https: bool = False
    """Whether visitors reach it by HTTPS there."""

    def refuses_host(self, host: str) -> str | None:
        """Return the reason to reject a request for its Host header; None if that is the server's own."""
        name = _hostname(f"//{host}")
        if is_own_host(name, self.host) or (self.public_host and name == self.public_host.lower()):
            return None
        return f"The Host header names {name[:200]!r}, which is not this server. Use the address that it printed."

    def refuses_origin(self, origin: str | None, host: str) -> str | None:
        """Return the reason to reject a request that a page of another origin makes; `host` is its Host header.

        The scheme is not compared: behind a proxy that speaks HTTPS it is not the server's.
        """
        if origin is None or _netloc(origin) == host.lower():
            return None
        return f"The Origin header names {origin[:200]!r}, which is not this server. Open its page itself."

    def accepts(self, token: str | None) -> bool:
        """Whether `token` is the needed one; takes the same time whatever it is."""
        if self.token is None:
            return True
        return hmac.compare_digest((token or "").encode(errors="replace"), self.token.encode())


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
