"""The state folder: exclusive use by one endpoint, and the file with the endpoint's address.

endpoint.json (0600) holds an EndpointFile and the version of this layout while an endpoint runs on the folder.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from travel_tui import UPGRADE
from travel_tui.file_lock import is_locked, lock_file
from travel_tui.local.state.database import StateError, check_is_database, refuse_other_kind
from travel_tui.local.state.scope import Scope

LOCK = "lock"
"""Lock file in the folder, held by the endpoint that runs on it. Never deleted."""
_VERSION = 1
DATABASE = "state.sqlite3"
_ENDPOINT = "endpoint.json"
_FIRST = Scope("123456789012", "us-east-1")
"""The scope of the file without one in its name, from when the endpoint had no other."""
_TRIES, _TRY_S = 5, 0.02
"""Retries: a check of whether the lock is held takes it briefly, which must not be mistaken for another endpoint."""


@dataclass(frozen=True, slots=True)
class EndpointFile:
    """The address of a running endpoint, and the key of this start."""

    url: str
    pid: int
    access_key_id: str
    secret_access_key: str
    region: str


class StateFolder:
    """An open state folder, locked against a second endpoint until it is closed or the process ends.

    A new folder gets mode 0700; an existing one keeps its mode. Files in it get 0600 either way.
    """

    def __init__(self, path: Path) -> None:
        """Create the folder if missing and lock it.

        Raises StateError if another endpoint holds it, or its content was written by a newer travel-tui.
        """
        self.path = path
        check_is_state(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir(mode=0o700, exist_ok=True)
            lock = _lock(path / LOCK)
        except OSError as error:
            raise StateError(
                f"The state folder {path} cannot be used ({error.strerror}). Use another folder."
            ) from error
        if lock is None:
            running = read_endpoint_file(path)
            where = f" at {running.url} (process {running.pid})" if running else ""
            raise StateError(
                f"A local endpoint already runs{where} on the state in {path}. Use that one, or another folder."
            )
        self._lock = lock
        (path / _ENDPOINT).unlink(missing_ok=True)  # left by a run that was killed

    @property
    def database(self) -> Path:
        """Path of the endpoint's own database."""
        return self.path / DATABASE

    def bookings(self, scope: Scope) -> Path:
        """Path of the bookings database of the built-in agent's Lambda function in a scope; created private first."""
        elsewhere = "" if scope == _FIRST else f"-{scope.account}-{scope.region}"
        path = self.path / f"bookings{elsewhere}.sqlite3"
        path.touch(mode=0o600)
        return path

    def delete_bookings(self) -> None:
        """Delete the bookings of the built-in agent's Lambda function; the file must not be open."""
        for file in self.path.glob("bookings*.sqlite3*"):
            file.unlink()

    def write_endpoint_file(self, endpoint: EndpointFile) -> Path:
        """Write endpoint.json atomically, readable only by the user."""
        path, fresh = self.path / _ENDPOINT, self.path / f"{_ENDPOINT}.new"
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps({"version": _VERSION, **asdict(endpoint)}), encoding="utf-8")
        fresh.replace(path)
        return path

    def close(self) -> None:
        """Delete endpoint.json and release the folder."""
        (self.path / _ENDPOINT).unlink(missing_ok=True)
        os.close(self._lock)


def _lock(file: Path) -> int | None:
    """Lock the file; None if another endpoint holds the lock. Raises OSError."""
    for number in range(_TRIES):
        if number:
            time.sleep(_TRY_S)
        if (held := lock_file(file)) is not None:
            return held
    return None


def check_is_state(path: Path) -> bool:
    """Whether `path` is an existing state folder.

    Raises StateError if the path or its content is not a state, or is a newer travel-tui's; nothing is changed.
    """
    refuse_other_kind(path, folder=True)
    check_is_database(path / DATABASE)
    refuse_other_kind(path / "bookings.sqlite3")
    refuse_other_kind(path / _ENDPOINT)
    version = _values(path).get("version")
    if type(version) is int and version > _VERSION:
        raise StateError(
            f"{path / 'endpoint.json'} was written by a newer travel-tui (version {version}; this one supports "
            f"{_VERSION}). {UPGRADE}, or use another folder; nothing was changed."
        )
    return path.is_dir()


def endpoint_on(path: Path) -> EndpointFile | None:
    """Return the data of the endpoint that is running on a state folder; None if none is running.

    Decided by the lock, not by the process id, which another process may have by now.
    """
    announced = read_endpoint_file(path)
    return announced if announced and is_locked(path / LOCK) else None


def read_endpoint_file(path: Path) -> EndpointFile | None:
    """Return the content of endpoint.json in a state folder; None if it cannot be read."""
    values = _values(path)
    try:
        return EndpointFile(
            url=values["url"],
            pid=values["pid"],
            access_key_id=values["access_key_id"],
            secret_access_key=values["secret_access_key"],
            region=values["region"],
        )
    except (KeyError, TypeError):
        return None


def _values(path: Path) -> dict[str, Any]:
    """Return the values in endpoint.json; empty if it cannot be read."""
    try:
        if not (path / _ENDPOINT).is_file():
            return {}
        values = json.loads((path / _ENDPOINT).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}
