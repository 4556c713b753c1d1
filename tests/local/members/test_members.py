"""Every optional member of every operation: in the table, and as the table says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore import xform_name
from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape

from tests.local.conftest import unknown_error
from tests.local.members import (
    agent_probes,
    agentcore_data_probes,
    agentcore_memory_probes,
    function_probes,
    harness_probes,
    invoke_probes,
    runtime_probes,
    service_probes,
)
from tests.local.members.probes import PROBES, Probe, World
from tests.local.services.clients import refused
from tests.members import PAGE, ROOT, SERVICES, member_at, optional, page
from tests.parts import rows_in_part
from travel_tui.local.members.table import MEMBERS, MISSING, REASONS, check_supported
from travel_tui.local.operations import operations_of
from travel_tui.local.wire.errors import ServiceError
from travel_tui.local.wire.models import service_model

Named = tuple[str, str, tuple[str, ...]]
assert all((agentcore_data_probes, agentcore_memory_probes, harness_probes, invoke_probes))
assert all((agent_probes, function_probes, runtime_probes, service_probes)), "importing them registers their probes"
OPERATIONS = [(service, name) for service in SERVICES for name in operations_of(service)]
REFUSED = [
    pytest.param(service, name, path, member, id=f"{service}-{name}-{path}")
    for service, operations in MEMBERS.items()
    for name, members in operations.items()
    for path, member in members.items()
    if member.kind == "refused"
]


def model(service: str, name: str) -> OperationModel:
    return service_model(service).operation_model(name)


def test_every_optional_member_is_in_the_table_and_nothing_else() -> None:
    for service, name in OPERATIONS:
        members = MEMBERS.get(service, {}).get(name, {})
        for path, _ in optional(model(service, name).input_shape):
            inner = [each for each in members if each.startswith(f"{path}.")]
            around = member_at(members, path.rpartition(".")[0])
            told = path in members or inner or (around and around.kind != "effective")
            assert told, f"{service} {name}: {path} is in no table"
        for path in members:
            assert shape_at(model(service, name), path), f"{service} {name}: {path} is no member"
    there = set(OPERATIONS)
    listed = {(s, name) for table in (MEMBERS, REASONS) for s, operations in table.items() for name in operations}
    assert listed <= there
    missing = {(s, name) for s, operations in MISSING.items() for name in operations}
    assert not missing & there
    assert all(model(service, name) for service, name in missing)


def test_every_operation_is_called_by_somebody_or_has_a_reason() -> None:
    folders = ("provision", "lambda", "travel_tui/backends", "tests/clients", "docs")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*") if file.suffix in {".py", ".md"}]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files if file != PAGE)
    for service, name in OPERATIONS:
        snake, dashed = xform_name(name), xform_name(name, "-")
        called = re.search(rf'"{name}"|\b{snake}\b|\b{dashed}\b', text) is not None
        reason = REASONS.get(service, {}).get(name)
        assert called or reason, f"nobody calls {name} of {service}: give a reason, or drop it"


def test_the_page_is_of_the_table_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "`make members` writes it anew"


@pytest.mark.parametrize(("service", "name", "path", "member"), REFUSED)
def test_what_is_refused_is_refused_by_name(service: str, name: str, path: str, member: Any) -> None:
    operation, shape = model(service, name), shape_at(model(service, name), path)
    assert shape
    wrong = next(value for value in samples(shape) if value not in member.accepted)
    with pytest.raises(ServiceError) as error:
        check_supported(operation, at(operation.input_shape, path, wrong))
    assert f"The local endpoint {member.note}: leave {path} out" in error.value.message
    assert not unknown_error(service, name, error.value.code)
    for value in member.accepted:
        check_supported(operation, at(operation.input_shape, path, value))


def test_every_member_that_is_taken_has_a_probe() -> None:
    probed = {(service, name, path) for service, name, paths in PROBES for path in paths}
    taken = {
        (service, name, path)
        for service, operations in MEMBERS.items()
        for name, members in operations.items()
        for path, member in members.items()
        if member.kind != "refused"
    }
    assert taken == probed


@pytest.mark.parametrize(
    ("named", "look"), rows_in_part(PROBES.items(), 3), ids=lambda each: getattr(each, "__name__", "")
)
def test_what_is_taken_does_what_the_table_says(world: World, named: Named, look: Probe) -> None:
    service, operation, paths = named
    with world.recording() as asked:
        look(world)
    if service.startswith("bedrock-agentcore"):  # whose many members are listed by the tables themselves
        shape = model(service, operation).input_shape
        given = [params for name, params in asked if name == operation]
        missed = [path for path in paths if not any(any(values_at(shape, each, path)) for each in given)]
        assert not missed, "the probe sets none of these"


def test_an_operation_that_is_not_there_names_what_is_missing(world: World) -> None:
    with refused("InvalidAction", "hands out no credentials"):
        world.sts.assume_role(RoleArn=world.lambda_role, RoleSessionName="me")
    with refused("UnknownOperationException", "keeps no versions of functions (PublishVersion)"):
        world.lambda_.publish_version(FunctionName="any")
    with refused("UnknownOperationException", "has no knowledge bases"):
        world.bedrock_agent.associate_agent_knowledge_base(
            agentId="A" * 10, agentVersion="DRAFT", knowledgeBaseId="B" * 10, description="d"
        )
    with refused("InvalidAction", "does not have ListUsers of iam."):
        world.iam.list_users()


def values_at(shape: Shape | None, value: Any, path: str) -> Iterator[bool]:
    """Whether there is a value at a path, in each item of the lists and maps on the way."""
    if not path:
        yield True
    elif isinstance(shape, ListShape):
        for each in value:
            yield from values_at(shape.member, each, path)
    elif isinstance(shape, MapShape):
        for each in value.values():
            yield from values_at(shape.value, each, path)
    elif isinstance(shape, StructureShape):
        name, _, rest = path.partition(".")
        if value.get(name) is not None:
            yield from values_at(shape.members[name], value[name], rest)


def shape_at(operation: OperationModel, path: str) -> Shape | None:
    shape: Shape | None = operation.input_shape
    for name in path.split("."):
        while isinstance(shape, ListShape | MapShape):
            shape = shape.member if isinstance(shape, ListShape) else shape.value
        shape = shape.members.get(name) if isinstance(shape, StructureShape) else None
    return shape


def at(shape: Shape | None, path: str, value: Any) -> Any:
    """An input that has a value at a path and nothing else."""
    if not path:
        return value
    if isinstance(shape, ListShape):
        return [at(shape.member, path, value)]
    if isinstance(shape, MapShape):
        return {"any": at(shape.value, path, value)}
    assert isinstance(shape, StructureShape)
    name, _, rest = path.partition(".")
    return {name: at(shape.members[name], rest, value)}


def samples(shape: Shape) -> list[Any]:
    """Values of a shape that ask for something; those of structures are none of the shape."""
    if isinstance(shape, StructureShape | MapShape):
        return [{"any": 1}]
    if isinstance(shape, ListShape):
        return [["any"]]
    if isinstance(shape, StringShape) and shape.enum:
        return list(shape.enum)
    values: dict[str, list[Any]] = {"string": ["any"], "boolean": [True], "blob": [b"any"]}
    return values.get(shape.type_name, [7])
