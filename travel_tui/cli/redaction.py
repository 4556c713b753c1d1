"""Removal of secrets, account numbers and the home folder from text that leaves this machine or goes to a log."""

from __future__ import annotations

import os
import re

_ACCOUNT = re.compile(r"(?<!\d)\d{8}(\d{4})(?!\d)")
_ROLE_SESSION = re.compile(r"(assumed-role/[^/\s]+)/[^\s,:;]+")
_KEY = re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b|\bsk-[A-Za-z0-9_-]{16,}")
_PASSWORD = re.compile(r"(://)[^/\s@]+@")
_NAMED = re.compile(
    r"(?i)((?:secret|token|password|authorization|signature|credential|api[_-]?key|access[_-]?key)[\w-]*"
    r"[\"']?\s*[=:]\s*)(?:(?:Bearer|Basic|AWS4-HMAC-SHA256)\s+)?[^\s,;]+"
)
_BEARER = re.compile(r"(?i)\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]{8,}")
_SECRET_VARIABLE = re.compile(r"SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|ACCESS_?KEY|CREDENTIAL", re.IGNORECASE)
_SHORTEST = 8
"""Characters of a variable's value from which it is a secret, and not a word such as `true`."""


def without_secrets(text: str) -> str:
    """Remove keys, tokens, passwords, and the values of environment variables whose names say that they hold one."""
    for name, value in os.environ.items():
        if len(value) >= _SHORTEST and _SECRET_VARIABLE.search(name) and not os.path.isabs(value):  # noqa: PTH117
            text = text.replace(value, "…")
    text = _KEY.sub("…", _PASSWORD.sub(r"\1", text))
    return _BEARER.sub(r"\1 …", _NAMED.sub(r"\1…", text))


def pasteable(text: str) -> str:
    """Remove account numbers, role session names, keys, passwords and the home folder from `text`."""
    text = _PASSWORD.sub(r"\1", _KEY.sub("…", _ROLE_SESSION.sub(r"\1/…", _ACCOUNT.sub(r"…\1", text))))
    return without_home(text)


def without_accounts(text: str) -> str:
    """Replace account numbers, also shortened ones, and role session names."""
    return re.sub(r"…\d{4}(?!\d)", "[account]", _ACCOUNT.sub("[account]", _ROLE_SESSION.sub(r"\1/…", text)))


def without_home(text: str) -> str:
    """Replace the home folder with ~, by each of its names."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none
    for folder in sorted({home, os.path.realpath(home)}, key=len, reverse=True):
        if len(folder) > 1:
            text = text.replace(folder, "~")
    return text
