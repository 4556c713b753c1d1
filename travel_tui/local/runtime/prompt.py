"""What a model would be given for a turn, as the trace shows it: system prompt with the memory, and messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from travel_tui.local.brain.moves import Exchange, Function, MadeCall
from travel_tui.local.state.agents import AgentVersion

_SHOWN = 100_000
"""Characters of one message that the trace repeats, so that a frame stays far below the format's 24 MB."""


def system_prompt(agent: AgentVersion, memories: Sequence[str] | None, attributes: Mapping[str, str]) -> str:
    """Instruction, functions, the turn's attributes and, where it has a memory, its synopsis in <memory_synopsis>.

    An empty synopsis says that the memory is empty; None that the turn has none, and leaves the tags out.
    """
    parts = [agent.instruction.strip(), _functions(agent.functions)]
    if attributes:
        parts.append(
            f"<prompt_session_attributes>\n{json.dumps(dict(attributes), ensure_ascii=False)}\n"
            "</prompt_session_attributes>"
        )
    if memories is not None:
        synopsis = "\n\n".join(text.replace("</memory_synopsis", "&lt;/memory_synopsis") for text in memories)
        parts.append(
            "You also have memory of earlier sessions with this user:\n"
            f"<memory_synopsis>\n{synopsis}\n</memory_synopsis>"
        )
    return "\n\n".join(part for part in parts if part)


def messages(earlier: Iterable[Exchange], user: str, calls: Iterable[MadeCall]) -> list[dict[str, str]]:
    """The session so far and the turn that runs, in order."""
    said: list[dict[str, str]] = []
    for exchange in earlier:
        said += [_message("user", exchange.user), *_calls(exchange.calls), _message("assistant", exchange.agent)]
    return [*said, _message("user", user), *_calls(calls)]


def prompt_text(system: str, said: Sequence[dict[str, str]]) -> str:
    """The whole as the JSON text that AWS's traces carry."""
    return json.dumps({"system": system, "messages": said}, ensure_ascii=False)


def call_text(function: str, parameters: object) -> str:
    """A call as a model would write it."""
    return json.dumps({"function": function, "parameters": parameters}, ensure_ascii=False)


def _functions(functions: Sequence[Function]) -> str:
    lines = []
    for function in functions:
        parameters = ", ".join(f"{p.name}: {p.type}" for p in function.parameters)
        lines.append(f"- {function.action_group}::{function.name}({parameters}): {function.description}")
    return "\n".join(["You can call these functions:", *lines]) if lines else ""


def _calls(calls: Iterable[MadeCall]) -> list[dict[str, str]]:
    said = []
    for call in calls:
        said += [_message("assistant", call_text(call.function, dict(call.parameters))), _message("user", call.result)]
    return said


def _message(role: str, text: str) -> dict[str, str]:
    hidden = len(text) - _SHOWN
    return {"role": role, "content": text if hidden <= 0 else f"{text[:_SHOWN]}… ({hidden} characters more)"}
