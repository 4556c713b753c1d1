"""The local endpoint of a test process, as tests see it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from travel_tui.pytest_plugin.worker import Worker

_KEPT = frozenset({"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE", "AWS_DATA_PATH"})
"""Variables of AWS that choose neither an endpoint nor an identity."""


@dataclass(frozen=True, slots=True)
class TravelEndpoint:
    """A local endpoint that requires the key of this start. The built-in agent is TRAVELDEMO, its alias TSTALIASID."""

    url: str
    region: str
    access_key_id: str
    secret_access_key: str
    _worker: Worker

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables with which boto3, the AWS CLI and travel-tui call this endpoint."""
        unproxied = ",".join(filter(None, (os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), "127.0.0.1")))
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": unproxied,
            "no_proxy": unproxied,  # which comes before the other where it is set
        }

    def advance(self, **amount: float) -> None:
        """Move the endpoint's clock on, for all tests after this one too; the arguments are those of timedelta."""
        advance = self._worker.local.advance
        if advance is not None:
            self._worker.loop.run(advance(timedelta(**amount).total_seconds()))  # type: ignore[arg-type]


@contextmanager
def endpoint_in_environment(worker: Worker) -> Iterator[TravelEndpoint]:
    """Yield the worker's endpoint while AWS's variables lead to it and to nothing else. Raises Undecided."""
    found = worker.endpoint
    endpoint = TravelEndpoint(found.url, found.region, found.access_key_id, found.secret_access_key, worker)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_") and name not in _KEPT]:
            patch.delenv(name)
        for name, value in endpoint.variables.items():
            patch.setenv(name, value)
        yield endpoint
