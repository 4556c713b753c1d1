"""Listening sockets of the servers on this machine, and which host names are their own."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager


class ListenError(Exception):
    """The address cannot be listened on; the message gives the reason and the option to change."""


def is_loopback(host: str) -> bool:
    """Whether a host name or address is a loopback one."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_own_host(host: str, served: str) -> bool:
    """Whether a host name in a request can only mean this server, which listens on `served`.

    A web page elsewhere can point a DNS name at this machine and let a browser call it (DNS rebinding), so all names
    are rejected except localhost and `served`. Addresses cannot be rebound, so they are accepted if the server listens
    on more than loopback.
    """
    if is_loopback(host) or host.lower() == served.lower():
        return True
    if is_loopback(served):
        return False
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


@contextmanager
def listening(host: str, port: int, what: str) -> Iterator[socket.socket]:
    """Yield a socket that is bound to an address, for an event loop to listen on; port 0 picks a free one.

    Raises ListenError, whose message names `what` cannot listen.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With an explicit TCP protocol, asyncio sets TCP_NODELAY; otherwise each answer waits 40 ms for the client's
    # delayed ACK.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except (OSError, UnicodeError) as error:  # UnicodeError: a host name that IDNA does not allow
            why = (error.strerror if isinstance(error, OSError) else None) or error
            raise ListenError(f"{what} cannot listen on {host}, port {port}: {why}. {_advice(error)}") from error
        yield listener


def _advice(error: Exception) -> str:
    """Return the option to change: --port for a port that is taken or reserved, else --host."""
    if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES, errno.EPERM):
        return "Choose another port with --port, or --port 0 to let the system pick one."
    return "This machine has no such address: correct --host, such as 127.0.0.1, or 0.0.0.0 for all of its addresses."


def url_of(host: str, port: int) -> str:
    """Return the URL of a server at an address."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
