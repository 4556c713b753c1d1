"""OpenAPI schemas of action groups: each operation becomes a function.

What is read of a schema is what Bedrock's user guide names (agents-api-schema): openapi, paths, and of each method
description, operationId, parameters, requestBody, responses and x-requireConfirmation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from travel_tui.local.openapi_document import METHODS, OPERATION_ID, SchemaError, read_document, resolved, shown
from travel_tui.local.scripted_agent.messages import ApiOperation, Function, FunctionParameter
from travel_tui.local.unicode import well_formed

_TYPES = {"string", "number", "integer", "boolean", "array", "object"}


@lru_cache(maxsize=64)
def functions_of(payload: str, action_group: str) -> tuple[Function, ...]:
    """Return the functions of an action group with this schema, as JSON or YAML. Raises SchemaError."""
    document = read_document(payload)
    version = document.get("openapi")
    if not isinstance(version, str | float) or not str(version).startswith("3."):
        raise SchemaError(f"Its openapi is {shown(version)}; it must be 3.0.0 or later.")
    paths = document.get("paths")
    if not isinstance(paths, dict) or not paths:
        raise SchemaError("It has no paths.")
    functions = tuple(_functions(document, paths, action_group))
    if not functions:
        raise SchemaError("Its paths have no methods.")
    names = [function.name for function in functions]
    for name in names:
        if names.count(name) > 1:
            raise SchemaError(f"Two operations have the operationId {name}.")
    texts = json.dumps([asdict(function) for function in functions], default=sorted, ensure_ascii=False)
    if texts != well_formed(texts):
        raise SchemaError("One of its texts has half of a surrogate pair, such as \\ud800, which is no character.")
    return functions


def _functions(document: Mapping[str, Any], paths: Mapping[str, Any], action_group: str) -> Iterator[Function]:
    for path, there in paths.items():
        if not isinstance(path, str) or not path.startswith("/"):
            raise SchemaError(f"The path {shown(path)} does not start with a slash.")
        item = resolved(document, there, f"path {path}")
        shared = _parameters(document, item, path)
        for method in METHODS:
            if method in item:
                yield _function(document, path, method, item[method], shared, action_group)


def _function(
    document: Mapping[str, Any],
    path: str,
    method: str,
    operation: Any,
    shared: Mapping[str, FunctionParameter],
    action_group: str,
) -> Function:
    where = f"{method.upper()} {path}"
    operation = resolved(document, operation, where)
    description = operation.get("description")
    if not isinstance(description, str) or not description.strip():
        raise SchemaError(f"{where} has no description.")
    name = operation.get("operationId")
    if name is not None and not (isinstance(name, str) and OPERATION_ID.fullmatch(name)):
        raise SchemaError(f"The operationId of {where} is {shown(name)}; it may have letters, digits, - and _.")
    if not isinstance(operation.get("responses"), dict):
        raise SchemaError(f"{where} has no responses.")
    confirmation = operation.get("x-requireConfirmation", "DISABLED")
    if confirmation not in ("ENABLED", "DISABLED"):
        raise SchemaError(f"The x-requireConfirmation of {where} is {shown(confirmation)}, not ENABLED or DISABLED.")
    parameters = {**shared, **_parameters(document, operation, where)}
    content_type, body = _body(document, operation, where)
    return Function(
        name=name or where,
        parameters=(*parameters.values(), *(each for each in body if each.name not in parameters)),
        description=description,
        action_group=action_group,
        require_confirmation=confirmation == "ENABLED",
        api=ApiOperation(path, method.upper(), content_type, frozenset(each.name for each in body) - parameters.keys()),
    )


def _parameters(document: Mapping[str, Any], owner: Mapping[str, Any], where: str) -> dict[str, FunctionParameter]:
    listed = owner.get("parameters", [])
    if not isinstance(listed, list):
        raise SchemaError(f"The parameters of {where} are not a list.")
    found = {}
    for each in listed:
        parameter = resolved(document, each, f"a parameter of {where}")
        name = parameter.get("name")
        if not isinstance(name, str) or not name:
            raise SchemaError(f"A parameter of {where} has no name.")
        schema = resolved(document, parameter.get("schema", {}), f"parameter {name} of {where}")
        required = parameter.get("required") is True or parameter.get("in") == "path"
        about = _description(parameter) or _description(schema)
        found[name] = FunctionParameter(name, _type(schema, f"parameter {name} of {where}"), required, about)
    return found


def _body(
    document: Mapping[str, Any], operation: Mapping[str, Any], where: str
) -> tuple[str | None, list[FunctionParameter]]:
    """Return the content type and the properties of a request's body; None if it has none."""
    if "requestBody" not in operation:
        return None, []
    body = resolved(document, operation["requestBody"], f"the requestBody of {where}")
    content = body.get("content")
    if not isinstance(content, dict) or not content:
        raise SchemaError(f"The requestBody of {where} has no content.")
    content_type = "application/json" if "application/json" in content else str(next(iter(content)))
    media = resolved(document, content[content_type], f"the requestBody of {where}")
    schema = resolved(document, media.get("schema", {}), f"the requestBody of {where}")
    properties = schema.get("properties", {})
    required = schema.get("required", [])
    if not isinstance(properties, dict) or not isinstance(required, list):
        raise SchemaError(f"The schema of the requestBody of {where} has no properties.")
    found = []
    for name, each in properties.items():
        inner = resolved(document, each, f"property {name} of {where}")
        kind = _type(inner, f"property {name} of {where}")
        found.append(FunctionParameter(str(name), kind, name in required, _description(inner)))
    return content_type, found


def _type(schema: Mapping[str, Any], what: str) -> str:
    kind = schema.get("type", "string")
    if not isinstance(kind, str) or kind not in _TYPES:
        raise SchemaError(f"The type of {what} is {shown(kind)}, none of {', '.join(sorted(_TYPES))}.")
    choices = schema.get("enum")
    if choices == []:
        raise SchemaError(f"The enum of {what} has no values.")
    if "enum" in schema and not isinstance(choices, list):
        raise SchemaError(f"The enum of {what} is {shown(choices)}, not a list of values.")
    return kind


def _description(of: Mapping[str, Any]) -> str:
    text = of.get("description")
    return text if isinstance(text, str) else ""
