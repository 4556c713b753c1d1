"""Running the web server: its address, its token, start and shutdown."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import shlex
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web

from travel_tui.listener import is_loopback, listening, url_of
from travel_tui.web.access import Access
from travel_tui.web.server import SHUTDOWN_S, WebServer


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What is served, where, and to whom."""

    command: Sequence[str]
    """The client's command, which each visitor's process runs."""
    title: str
    """The page's title."""
    host: str
    port: int
    """Port to listen on; 0 picks a free one."""
    public_url: str | None = None
    """The URL under which visitors reach the server, if it is not its own, as through a proxy."""
    require_token: bool = False
    """Ask for a token also where only this machine reaches the server."""
    keep_s: float = 300.0
    """Seconds that a client waits for its page after a lost connection."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def token_needed(self) -> bool:
        """Whether visitors need the token."""
        return self.require_token or self.public_url is not None or not is_loopback(self.host)


async def serve(settings: WebSettings, stop: asyncio.Event, ready: Callable[[str, str], None]) -> None:
    """Serve until `stop` is set; call `ready` with the server's URL, and with the visitors', once they can come.

    Raises ListenError if the address cannot be listened on.
    """
    token = settings.token if settings.token_needed else None
    public = urlsplit(settings.public_url or "")
    # The shell is replaced by the client, so that ending the client is not ending its parent.
    command = f"exec {shlex.join(settings.command)}"
    access = Access(settings.host, token, public.hostname, public_https=public.scheme == "https")
    server = WebServer(command, access, settings.keep_s, settings.title)
    with listening(settings.host, settings.port, "The server") as listener:
        runner = web.AppRunner(await server.application(), access_log=None, shutdown_timeout=SHUTDOWN_S)
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            own = _visited_url(*listener.getsockname()[:2])
            query = f"?token={token}" if token else ""
            ready(f"{own}/{query}", f"{(settings.public_url or own).rstrip('/')}/{query}")
            await stop.wait()
        finally:
            await runner.cleanup()


def _visited_url(host: str, port: int) -> str:
    """Return the URL of a server; for one that listens on all addresses, that of this machine in its network."""
    if not ipaddress.ip_address(host).is_unspecified:
        return url_of(host, port)
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("2001:db8::1" if ":" in host else "192.0.2.1", 9))  # sends nothing; chooses the way out
        except OSError:  # there is no network
            return url_of("::1" if ":" in host else "127.0.0.1", port)
        return url_of(probe.getsockname()[0], port)
