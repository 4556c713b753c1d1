"""The state folder: its one user at a time, and the file that says where the endpoint runs.

endpoint.json (0600) holds an EndpointFile and the version of this layout while an endpoint runs on the folder.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from travel_tui.local.state.database import StateError

_VERSION = 1


@dataclass(frozen=True, slots=True)
class EndpointFile:
    """Where an endpoint runs, and the key of this start of it."""

    url: str
    pid: int
    access_key_id: str
    secret_access_key: str
    region: str


class StateFolder:
    """An open state folder, locked against a second endpoint until it is closed or the process ends.

    A folder that it makes is 0700; one that is there keeps its mode. The files in it are 0600 either way.
    """

    def __init__(self, path: Path) -> None:
        """Make the folder where it is missing and lock it; raises StateError where another endpoint has it."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir(mode=0o700, exist_ok=True)
            self._lock = os.open(path / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise StateError(
                f"The state folder {path} cannot be used ({error.strerror}). Give another --state, or --in-memory."
            ) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            running = read_endpoint_file(path)
            where = f" at {running.url} (process {running.pid})" if running else ""
            raise StateError(
                f"A local endpoint already runs{where} on the state in {path}. "
                "Use that one, or give another --state DIR or --in-memory."
            ) from None
        (path / "endpoint.json").unlink(missing_ok=True)  # of a run that was killed

    @property
    def database(self) -> Path:
        """The file of the endpoint's own database."""
        return self.path / "state.sqlite3"

    def bookings(self) -> Path:
        """The file of the bookings that the built-in agent's Lambda function keeps, made private before it does."""
        path = self.path / "bookings.sqlite3"
        path.touch(mode=0o600)
        return path

    def forget_bookings(self) -> None:
        """Remove what the built-in agent's Lambda function keeps; nothing may have it open."""
        for file in self.path.glob("bookings.sqlite3*"):
            file.unlink()

    def announce(self, endpoint: EndpointFile) -> Path:
        """Write endpoint.json, whole or not at all, readable for the user alone."""
        path, fresh = self.path / "endpoint.json", self.path / "endpoint.json.new"
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps({"version": _VERSION, **asdict(endpoint)}), encoding="utf-8")
        fresh.replace(path)
        return path

    def close(self) -> None:
        """Take the announcement back and let the folder go."""
        (self.path / "endpoint.json").unlink(missing_ok=True)
        os.close(self._lock)


def endpoint_on(path: Path) -> EndpointFile | None:
    """What the endpoint that runs on a state folder announced; None where none runs, whatever a dead one left there.

    The lock tells, not the process id: that may be another process' by now.
    """
    announced = read_endpoint_file(path)
    return announced if announced and _locked(path / "lock") else None


def _locked(lock: Path) -> bool:
    try:
        handle = os.open(lock, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def read_endpoint_file(path: Path) -> EndpointFile | None:
    """What the endpoint that runs on a state folder announced; None where there is nothing readable."""
    try:
        values = json.loads((path / "endpoint.json").read_text(encoding="utf-8"))
        return EndpointFile(
            url=values["url"],
            pid=values["pid"],
            access_key_id=values["access_key_id"],
            secret_access_key=values["secret_access_key"],
            region=values["region"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
