"""What an action group's OpenAPI schema must be like when it is given; what was stored before is read as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from travel_tui.local.openapi import functions_of
from travel_tui.local.openapi_document import METHODS, OPERATION_ID, SchemaError, read_document, resolved, shown

_MAX_DEPTH = 50
_NAMES = {str: "a text", bool: "true or false", dict: "an object", list: "a list", int: "a whole number"}
_OPERATION: dict[str, tuple[type, ...]] = {
    "deprecated": (bool,),
    "externalDocs": (dict,),
    "operationId": (str,),
    "parameters": (list,),
    "requestBody": (dict,),
    "responses": (dict,),
    "summary": (str,),
    "tags": (list,),
}
_PARAMETER: dict[str, tuple[type, ...]] = {
    "allowEmptyValue": (bool,),
    "content": (dict,),
    "deprecated": (bool,),
    "description": (str,),
    "explode": (bool,),
    "in": (str,),
    "name": (str,),
    "required": (bool,),
    "schema": (dict,),
    "style": (str,),
}
_BODY: dict[str, tuple[type, ...]] = {"content": (dict,), "description": (str,), "required": (bool,)}
_SCHEMA: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("allOf", "anyOf", "enum", "oneOf", "required"), (list,)),
    **dict.fromkeys(("deprecated", "nullable", "readOnly", "uniqueItems", "writeOnly"), (bool,)),
    **dict.fromkeys(("description", "format", "pattern", "title", "type"), (str,)),
    **dict.fromkeys(("maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties"), (int,)),
    **dict.fromkeys(("items", "not", "properties"), (dict,)),
    "additionalProperties": (bool, dict),
}
_MEDIA: dict[str, tuple[type, ...]] = {"content": (dict,), "description": (str,)}
_PLACES = ("cookie", "header", "path", "query")


def check_schema(payload: str, action_group: str) -> None:
    """Raise SchemaError for a schema that an action group cannot have.

    Each operation needs an operationId: today's models call it by that, and Bedrock creates no action group without
    (user guide, agents-api-schema).
    """
    functions = functions_of(payload, action_group)
    document = read_document(payload)
    if not isinstance(document["openapi"], str):
        raise SchemaError(f'Its openapi is {shown(document["openapi"])}; it must be a text, such as "3.0.0".')
    for function in functions:
        if not OPERATION_ID.fullmatch(function.name):
            raise SchemaError(f"{function.name} has no operationId, by which models call it.")
    for path, there in document["paths"].items():
        item = resolved(document, there, f"path {path}")
        _check_parameters(document, item, path)
        for method in METHODS:
            if method in item:
                _check_operation(document, resolved(document, item[method], path), f"{method.upper()} {path}")


def _check_operation(document: Mapping[str, Any], operation: Mapping[str, Any], where: str) -> None:
    _check_types(operation, _OPERATION, where)
    _check_parameters(document, operation, where)
    if "requestBody" in operation:
        what = f"the requestBody of {where}"
        _check_body(document, resolved(document, operation["requestBody"], what), _BODY, what)
    for code, answer in operation["responses"].items():
        what = f"the response {code} of {where}"
        _check_body(document, resolved(document, answer, what), _MEDIA, what)


def _check_parameters(document: Mapping[str, Any], owner: Mapping[str, Any], where: str) -> None:
    for each in owner.get("parameters", []):
        parameter = resolved(document, each, f"a parameter of {where}")
        _check_parameter(document, parameter, f"parameter {parameter['name']} of {where}")


def _check_parameter(document: Mapping[str, Any], parameter: Mapping[str, Any], what: str) -> None:
    _check_types(parameter, _PARAMETER, what)
    if "in" in parameter and parameter["in"] not in _PLACES:
        raise SchemaError(f"The in of {what} is {shown(parameter['in'])}, none of {', '.join(_PLACES)}.")
    _check_schema(document, parameter.get("schema", {}), what, set())


def _check_body(
    document: Mapping[str, Any], body: Mapping[str, Any], types: Mapping[str, tuple[type, ...]], what: str
) -> None:
    _check_types(body, types, what)
    for media in body.get("content", {}).values():
        _check_schema(document, resolved(document, media, what).get("schema", {}), what, set())


def _check_schema(document: Mapping[str, Any], schema: Any, what: str, seen: set[int], depth: int = 0) -> None:
    """Check a schema and those in it, each once: aliases and references can lead back."""
    if depth > _MAX_DEPTH:
        raise SchemaError(f"The schema of {what} is nested too deep.")
    schema = resolved(document, schema, f"a schema of {what}")
    if id(schema) in seen:
        return
    seen.add(id(schema))
    _check_types(schema, _SCHEMA, what)
    for name in schema.get("required", []):
        if not isinstance(name, str):
            raise SchemaError(f"The required of {what} has {shown(name)}, which is no name of a property.")
    for part in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(part, []):
            _check_schema(document, each, what, seen, depth + 1)
    for each in schema.get("properties", {}).values():
        _check_schema(document, each, what, seen, depth + 1)
    for part in ("items", "not", "additionalProperties"):
        if isinstance(schema.get(part), dict):
            _check_schema(document, schema[part], what, seen, depth + 1)


def _check_types(part: Mapping[str, Any], types: Mapping[str, tuple[type, ...]], what: str) -> None:
    for name, wanted in types.items():
        if name not in part:
            continue
        value = part[name]
        if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
            raise SchemaError(f"The {name} of {what} is {shown(value)}, not {' or '.join(_NAMES[t] for t in wanted)}.")
