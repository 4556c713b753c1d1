"""The web server: textual-serve's, with pages that keep their client, and checks of who asks."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path
from typing import Any

import aiohttp_jinja2
from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.server import Server, to_int

from travel_tui.listener import is_loopback
from travel_tui.web.access import Access
from travel_tui.web.client_process import ClientProcess

PAGE = Path(__file__).parent / "page"
"""What is added to textual-serve's page."""
HEARTBEAT_S = 15.0
"""Seconds after which a page that answers nothing counts as lost; half of them more for its answer."""
CLOSING_S = 2.0
"""Seconds that a page has to answer when its connection is closed."""
CLOSED_BY_PAGE = (WSCloseCode.OK, WSCloseCode.GOING_AWAY)
"""Codes of a page that was closed or reloaded; a connection that broke has another one, or none."""
SHUTDOWN_S = 2.0
"""Seconds that requests have to finish at the end, once all clients have ended."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebServer(Server):
    """Serves a page on which each tab of a browser has a client of its own."""

    def __init__(self, command: str, access: Access, keep_s: float, title: str) -> None:
        """`command` is the client's, for the shell; `keep_s` as in ClientProcess."""
        super().__init__(command, title=title)
        self._access, self._keep_s = access, keep_s
        self._clients: dict[str, ClientProcess] = {}
        """The client of each tab, by the tab's id."""
        self._running: set[ClientProcess] = set()
        """All clients, also those whose tab has another one by now."""
        self._attaching = asyncio.Lock()
        self._ending = False

    async def application(self) -> web.Application:
        """Return the application: textual-serve's routes and this package's."""
        app = await self._make_app()
        app.middlewares.append(self._checked)
        app.on_response_prepare.append(_add_headers)
        app.router.add_get("/ws/{tab:[0-9a-f]{32}}", self.handle_websocket)
        app.router.add_static("/page", PAGE)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing; the command prints the URL."""

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 textual-serve's signature
        """End all clients, those that are just being started included; from now on none is started."""
        async with self._attaching:
            self._ending = True
        await asyncio.gather(*(client.stop() for client in list(self._running)))

    @web.middleware
    async def _checked(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request if it may be; a token in the URL of the page is moved to a cookie."""
        refusal = self._access.refuses_host(request.host) or self._access.refuses_origin(
            request.headers.get("Origin"), request.host
        )
        if refusal:
            raise web.HTTPForbidden(text=refusal)
        cookie = _cookie_name(request.host)
        if (given := request.query.get("token")) is not None and request.path == "/" and self._access.accepts(given):
            # Out of the address bar, where an audience could read it.
            answer = web.HTTPFound(request.rel_url.without_query_params("token"))
            if self._access.token:
                secure = self._access.public_https and not is_loopback(request.url.host or "")
                answer.set_cookie(cookie, given, httponly=True, samesite="Lax", secure=secure)
            raise answer
        if not self._access.accepts(request.cookies.get(cookie)):
            raise web.HTTPForbidden(
                text="This page needs the token: open the whole URL that `travel-tui serve` printed when it started."
            )
        return await handler(request)

    async def handle_index(self, request: web.Request) -> web.Response:
        """Answer with textual-serve's page, its URLs relative, and this package's script and style in it."""
        context: dict[str, Any] = {
            "font_size": max(6, min(to_int(request.query.get("fontsize", ""), 16), 60)),
            "app_websocket_url": "",  # page.js sets it, with the tab's id
            "config": {"static": {"url": "static/"}},
            "application": {"name": self.title},
        }
        page = aiohttp_jinja2.render_string("app_index.html", request, context)
        page = _FOREIGN_STYLE.sub("", page)
        own = (PAGE / "head.html").read_text(encoding="utf-8").replace("{title}", escape(self.title))
        return web.Response(text=page.replace("</head>", f"{own}</head>", 1), content_type="text/html")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Connect a page with its tab's client, which is started if there is none."""
        page = web.WebSocketResponse(heartbeat=HEARTBEAT_S, timeout=CLOSING_S)
        await page.prepare(request)
        size = to_int(request.query.get("width", ""), 80), to_int(request.query.get("height", ""), 24)
        client = await self._attach(page, request.match_info.get("tab", ""), *size)
        if client is None:
            await page.close(code=WSCloseCode.GOING_AWAY)
            return page
        try:
            await _relay(page, client)
        finally:
            client.detach(page, closed=page.close_code in CLOSED_BY_PAGE)
        return page

    async def _attach(self, page: web.WebSocketResponse, tab: str, width: int, height: int) -> ClientProcess | None:
        """Return the tab's client, which shows itself on the page; None if the server is ending."""
        async with self._attaching:
            if self._ending:
                return None
            client = self._clients.get(tab)
            if client is None or client.leaving:
                client = ClientProcess(self.command, self.download_manager, self._keep_s, self._forget)
            await client.attach(page, width, height)
            self._running.add(client)
            self._clients[tab] = client
            return client

    def _forget(self, client: ClientProcess) -> None:
        self._running.discard(client)
        for tab in [tab for tab, each in self._clients.items() if each is client]:
            del self._clients[tab]


async def _relay(page: web.WebSocketResponse, client: ClientProcess) -> None:
    """Pass what a page sends on to its client, until the connection closes; ignore what no page sends."""
    async for message in page:
        if message.type != WSMsgType.TEXT:
            continue
        try:
            sent = json.loads(message.data)
        except ValueError:
            continue
        match sent:
            case ["stdin", str(text)]:
                await client.send_bytes(text.encode(errors="replace"))
            case ["resize", {"width": int(width), "height": int(height)}]:
                await client.set_terminal_size(width, height)
            case ["ping", str(sent_at)]:
                await page.send_json(["pong", sent_at])
            case ["focus"]:
                await client.focus()
            case ["blur"]:
                await client.blur()


_FOREIGN_STYLE = re.compile(r"<link\b[^>]*\bhref=\"https?://[^>]*>")
"""A style of another server, which would be told of each visitor; the page's font is in the package itself."""


def _cookie_name(host: str) -> str:
    """Return a cookie's name for a server: a browser sends a host's cookies to all its ports."""
    port = host.rpartition(":")[2]
    return f"travel-tui-{port}" if port.isdigit() else "travel-tui"


async def _add_headers(request: web.Request, answer: web.StreamResponse) -> None:
    """Allow a page no other server's content, and no other page to have it in a frame."""
    own = f"'self' ws://{request.host} wss://{request.host}"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data:; connect-src {own}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    if request.path == "/":
        answer.headers["Cache-Control"] = "no-store"
