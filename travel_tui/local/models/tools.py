"""Functions of an agent as tools of a model, and the model's calls as the agent's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from travel_tui.local.models.chat import ChatCall, ChatTool
from travel_tui.local.scripted_agent.messages import CompletedCall, Function, FunctionParameter, ToolCall
from travel_tui.local.unicode import well_formed

_MAX_NAME = 64
"""Characters of a tool's name that OpenAI and Converse allow."""
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


class InvalidCallError(Exception):
    """A call that must not be made; the message tells the model what is wrong."""


def named_tools(functions: Sequence[Function]) -> dict[str, Function]:
    """Return the functions by the names of their tools: their own, with the group where two have the same."""
    found: dict[str, Function] = {}
    for function in functions:
        name = _name(function.name)
        if name in found or sum(other.name == function.name for other in functions) > 1:
            name = _name(f"{function.action_group}__{function.name}")
        number = 2
        while name in found:
            name, number = f"{name[: _MAX_NAME - 3]}_{number}", number + 1
        found[name] = function
    return found


def tools_of(functions: Mapping[str, Function]) -> tuple[ChatTool, ...]:
    """Return the tools that a model may call."""
    return tuple(
        ChatTool(
            name,
            function.description.strip() or function.name,
            {
                "type": "object",
                "properties": {parameter.name: _property(parameter) for parameter in function.parameters},
                "required": [parameter.name for parameter in function.parameters if parameter.required],
            },
        )
        for name, function in functions.items()
    )


def read_call(call: ChatCall, functions: Mapping[str, Function]) -> ToolCall:
    """Return a model's call. Raises InvalidCallError for a function or arguments that are not as declared."""
    function = functions.get(call.name) or functions.get(call.name.replace("::", "__").rpartition("__")[2])
    if function is None:
        raise InvalidCallError(
            f"There is no function {call.name!r}. The functions are: {', '.join(functions) or 'none'}."
        )
    given = arguments_of(call)
    if given is None:
        raise InvalidCallError(f"The arguments of {call.name} are not a JSON object.")
    declared = {parameter.name: parameter for parameter in function.parameters}
    problems = [f"{name} is not a parameter" for name in given if name not in declared]
    problems += [
        f"{name} is missing"
        for name, parameter in declared.items()
        if parameter.required and given.get(name) in (None, "")
    ]
    given = {name: value for name, value in given.items() if value is not None}
    problems += [
        f"{name} must be of type {declared[name].type}"
        for name, value in given.items()
        if name in declared and not _fits(value, declared[name].type)
    ]
    if problems:
        raise InvalidCallError(f"The arguments of {call.name} are wrong: {'; '.join(problems)}.")
    return ToolCall(function, {name: _text(value) for name, value in given.items()})


def arguments_of(call: ChatCall) -> dict[str, Any] | None:
    """Return a call's arguments; None if they are not a JSON object. No arguments at all are an empty one."""
    try:
        found = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def call_again(call_id: str, made: CompletedCall, functions: Mapping[str, Function]) -> ChatCall:
    """Return an earlier call as the model made it."""
    name, function = next(((n, f) for n, f in functions.items() if f.name == made.function), (made.function, None))
    types = {parameter.name: parameter.type for parameter in function.parameters} if function else {}
    given = {key: _value(value, types.get(key, "string")) for key, value in made.parameters.items()}
    return ChatCall(call_id, name, json.dumps(given, ensure_ascii=False))


def _name(text: str) -> str:
    return re.sub(r"[^a-zA-Z0-9_-]", "_", text)[:_MAX_NAME]


def _property(parameter: FunctionParameter) -> dict[str, Any]:
    kind = parameter.type if parameter.type in _TYPES else "string"
    found: dict[str, Any] = {"type": kind, "description": parameter.description}
    return {**found, "items": {}} if kind == "array" else found


def _fits(value: Any, kind: str) -> bool:
    if isinstance(value, str) and kind not in {"array", "object"}:
        value = _value(value, kind)  # models write numbers in quotes
    allowed = _TYPES.get(kind, (str,))
    if isinstance(value, bool):
        return bool in allowed
    return isinstance(value, allowed) or (allowed == (str,) and isinstance(value, int | float))


def _text(value: Any) -> str:
    return well_formed(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _value(text: str, kind: str) -> Any:
    if kind == "string":
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
