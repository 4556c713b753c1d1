"""Inline functions of a harness: as the scripted agent's functions, and their calls as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from travel_tui.local.scripted_agent.messages import Function, FunctionParameter, ToolCall
from travel_tui.local.state.resources import Document

TOOL_TYPE = "inline_function"
"""The type of tools that are called here."""
_NUMBERS = {"integer": int, "number": float}


def functions_of(settings: Document) -> tuple[Function, ...]:
    """Return the inline functions that a harness may call. Other tools are accepted and never called."""
    allowed = settings["allowedTools"]
    return tuple(
        _function(tool)
        for tool in settings["tools"]
        if tool["type"] == TOOL_TYPE and ("*" in allowed or tool["name"] in allowed)
    )


def call_input(call: ToolCall, settings: Document) -> dict[str, Any]:
    """Return a call's parameters with the types of the function's schema."""
    schema = next((_schema(tool) for tool in settings["tools"] if tool.get("name") == call.function.name), {})
    properties = schema.get("properties", {})
    return {name: _typed(value, properties.get(name, {})) for name, value in call.parameters.items()}


def _function(tool: Mapping[str, Any]) -> Function:
    schema = _schema(tool)
    properties, required = schema.get("properties", {}), schema.get("required", [])
    parameters = properties.items() if isinstance(properties, dict) else ()
    return Function(
        name=tool["name"],
        description=tool["config"]["inlineFunction"]["description"],
        parameters=tuple(
            FunctionParameter(
                name=str(name),
                type=str(detail.get("type", "string")),
                required=isinstance(required, list) and name in required,
                description=_description(detail),
            )
            for name, detail in parameters
            if isinstance(detail, dict)
        ),
    )


def _schema(tool: Mapping[str, Any]) -> dict[str, Any]:
    """Return a function's JSON schema; it may be wrapped in {"json": …}, as Converse has it."""
    schema = tool.get("config", {}).get("inlineFunction", {}).get("inputSchema", {})
    schema = schema.get("json", schema) if isinstance(schema, dict) else {}
    return schema if isinstance(schema, dict) else {}


def _description(detail: Mapping[str, Any]) -> str:
    choices = detail.get("enum")
    text = str(detail.get("description", ""))
    return f"{text} One of {', '.join(map(str, choices))}".strip() if isinstance(choices, list) else text


def _typed(value: str, detail: Mapping[str, Any]) -> Any:
    kind = detail.get("type") if isinstance(detail, dict) else None
    try:
        if kind in _NUMBERS:
            return _NUMBERS[kind](value)
        if kind in {"object", "array"}:
            return json.loads(value)
    except ValueError:
        return value
    return value.lower() in {"true", "yes"} if kind == "boolean" else value
