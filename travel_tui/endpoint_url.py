"""URLs of endpoints: whether they are on this machine, and without user names and passwords, which are never sent,
stored or shown."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

_IN_URL = re.compile(r"(?i)(https?://)[^\s/?#]*@")
_IN_TEXT = re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://)\S*@")
_IN_REFUSED = re.compile(r"(?s)\A([^/@]*//)?.*@")


def without_userinfo(url: str) -> str:
    """Remove the user name and password from a URL, or from a key that ends with one."""
    return _IN_URL.sub(r"\1", url)


def hide_userinfo(text: str) -> str:
    """Remove user names and passwords from all URLs in a message, even invalid ones."""
    return _IN_TEXT.sub(r"\1", text)


def shown_refused(value: str) -> str:
    """Return a rejected URL for an error message, without any part that may be a password."""
    return _IN_REFUSED.sub(lambda found: found[1] or "", value)


def is_loopback(url: str) -> bool:
    """Whether `url` points to this machine, so that no proxy is used."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
