"""`travel-tui serve`: the client in a browser."""

from __future__ import annotations

import sys
from dataclasses import fields
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from travel_tui.cli.options import FiniteRange

if TYPE_CHECKING:
    from travel_tui.web.serving import WebSettings

DEFAULT_PORT = 8000
KEEP_S = 300.0


class PublicUrl(click.ParamType[str]):
    """The URL of a server as its visitors see it."""

    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            parts = urlsplit(str(value))
            right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.path in ("", "/")
        except ValueError:
            right = False
        if not right or parts.query or parts.fragment or "@" in parts.netloc:
            self.fail(f"{value!r} is not a URL such as https://talk.example.org, without a path.", param, ctx)
        return str(value)


@click.command(
    short_help="Serve the client as a web page.",
    context_settings={"allow_interspersed_args": False},  # options behind the command's name are that command's
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="Port; 0 picks a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address; other than loopback requires the token.")
@click.option("--require-token", is_flag=True, help="Require the token on loopback too.")
@click.option(
    "--public-url", type=PublicUrl(), help="URL that visitors use, such as that of a proxy; requires the token."
)
@click.option(
    "--keep",
    type=FiniteRange(min=0),
    default=KEEP_S,
    show_default=True,
    help="Seconds to keep a client running after its page lost the connection.",
)
@click.argument("served", type=click.Choice(["chat", "demo"]), default="chat", metavar="[chat|demo]")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS OF chat|demo]...")
@click.pass_context
def serve(
    ctx: click.Context,
    port: int,
    host: str,
    require_token: bool,
    public_url: str | None,
    keep: float,
    served: str,
    arguments: tuple[str, ...],
) -> None:
    """Serve the client at a URL. Each browser tab gets its own client, with your agent and its memory.

    Anyone with the URL can do everything you can do in the client. Needs the extra: pip install 'travel-tui[serve]'.
    """
    from importlib.util import find_spec

    _check(ctx, served, arguments)
    if not host.strip() or not host.isprintable():
        raise click.UsageError(f"--host is {host!r}. Expected: an address of this machine, such as 127.0.0.1.")
    if find_spec("textual_serve") is None:
        raise click.ClickException("serve needs the package textual-serve: `pip install 'travel-tui[serve]'`.")
    import asyncio

    from travel_tui.listener import ListenError
    from travel_tui.web.serving import WebSettings

    settings = WebSettings(
        command=(sys.executable, "-P", "-m", "travel_tui", served, *arguments),
        title=f"travel-tui {served}",
        host=host,
        port=port,
        public_url=public_url,
        require_token=require_token,
        keep_s=keep,
    )
    try:
        asyncio.run(_run(settings))
    except ListenError as error:
        raise click.ClickException(str(error)) from error


def _check(ctx: click.Context, served: str, arguments: tuple[str, ...]) -> None:
    """Raise click's exceptions if the served command would refuse its options, or finds no agent for them."""
    from travel_tui.cli.agent_options import AgentSelection
    from travel_tui.cli.chat import chat
    from travel_tui.cli.demo import demo

    command = chat if served == "chat" else demo
    options = command.make_context(f"{ctx.command_path} {served}", list(arguments)).params
    if served == "chat":
        names = {field.name for field in fields(AgentSelection)}
        AgentSelection(**{name: value for name, value in options.items() if name in names}).resolve()


async def _run(settings: WebSettings) -> None:
    import asyncio
    import signal

    from travel_tui.web.serving import serve as serve_pages

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup it goes on
        loop.add_signal_handler(signal.SIGHUP, stop.set)

    unwritten: list[OSError] = []

    def ready(own: str, visited: str) -> None:
        try:
            click.echo(f"listening on {own}")
            if visited != own:
                click.echo(f"visitors open {visited}")
            if settings.token_needed:
                plain = "" if visited.startswith("https:") else " The connection is not encrypted."
                click.echo(f"Anyone with this URL can do everything you can do in the client.{plain}", err=True)
        except OSError as error:
            unwritten.append(error)
            stop.set()

    await serve_pages(settings, stop, ready)
    if unwritten:
        raise unwritten[0]
