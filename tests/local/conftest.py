"""One endpoint for all tests that change nothing of it; they keep apart by session and memory ids of their own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.endpoint import RunningEndpoint, User, running_endpoint
from travel_tui.local.operations import operation
from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.operation_table import Operation
from travel_tui.local.wire.call import EventStream
from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.models import service_model
from travel_tui.local.wire.validate import walk

_numbers = itertools.count(1)
_COMMON = {"AccessDeniedException", "SerializationException", "UnknownOperationException", "ValidationException"}
"""Errors that any operation may answer, whatever its model lists."""


def unfit(service: str, name: str, output: dict[str, Any]) -> list[str]:
    """Every way in which an operation's output does not fit its shape."""
    shape = service_model(service).operation_model(name).output_shape
    streams = [key for key, value in output.items() if isinstance(value, EventStream)]
    there = {key: value for key, value in output.items() if value is not None and key not in streams}
    if shape is None:
        return [f"{name} has no output"] if there else []
    unknown = [f"{key} is no member" for key in there if key not in shape.members]
    return unknown + [fault for fault in walk(shape, there, "") if not any(f"'{key}'" in fault for key in streams)]


def unknown_error(service: str, name: str, code: str) -> bool:
    """Whether an error is none that the operation's model lists, and none that any operation may answer."""
    shapes = service_model(service).operation_model(name).error_shapes
    known = {shape.metadata.get("error", {}).get("code", shape.name) for shape in shapes}
    return code not in known | {shape.name for shape in shapes} | _COMMON


@pytest.fixture(scope="session", autouse=True)
def _answers_fit() -> Iterator[None]:
    """Hold what every operation answers against its model, as what it is asked is held against it."""
    found: list[str] = []

    def checked(service: str, name: str) -> Operation:
        answer = operation(service, name)

        async def run(endpoint: RegionalEndpoint, params: dict[str, Any]) -> dict[str, Any]:
            try:
                output = await answer(endpoint, params)
            except ServiceError as error:
                if unknown_error(service, name, error.code):
                    found.append(f"{name} answered the error {error.code}")
                raise
            found.extend(f"{name}: {fault}" for fault in unfit(service, name, output))
            return output

        return run

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("travel_tui.local.dispatch.operation", checked)
        yield
    assert not found, "\n".join(found)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[RunningEndpoint]:
    """An endpoint that takes any credentials."""
    with running_endpoint() as running:
        yield running


@pytest.fixture
def user(endpoint: RunningEndpoint) -> User:
    """A client of it."""
    return endpoint.user(signed=False)


@pytest.fixture
def new_id() -> Callable[[str], str]:
    """Makes ids that no other test has."""
    return lambda kind: f"{kind}-{next(_numbers)}"
