"""What a prompt template is filled with: the agent, its memory and the conversation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate

from travel_tui.local.agent_model import ModelPrompt, with_date
from travel_tui.local.scripted_agent.messages import CompletedCall, Function, Turn
from travel_tui.local.services.bedrock_agent_runtime.templates import Filling, filled, system_and_question

_LONGEST = 100_000
"""Maximum characters of one message in the trace, which keeps frames far below the format's 24 MB."""
SHOWN = 200_000
"""Maximum characters of all earlier turns in the trace, newest first, since every model call repeats them."""


def variables(
    name: str,
    instruction: str,
    functions: Sequence[Function],
    memories: Sequence[str] | None,
    attributes: Mapping[str, str],
) -> dict[str, str]:
    """Return the texts of the placeholder variables that do not depend on the conversation.

    Empty `memories` mean that the memory is empty; None means that the turn has no memory, which leaves out the tags.
    """
    listed = _functions(functions)
    given = json.dumps(dict(attributes), ensure_ascii=False)
    synopsis = "\n\n".join(text.replace("</memory_synopsis", "&lt;/memory_synopsis") for text in memories or ())
    there = memories is not None
    guideline = "You also have memory of earlier sessions with this user:" if there else ""
    return {
        "instruction": instruction.strip(),
        "model_instruction": instruction.strip(),
        "functions": listed,
        "tools": listed,
        "agent_name": name,
        "prompt_session_attributes": f"<prompt_session_attributes>\n{given}\n</prompt_session_attributes>"
        if attributes
        else "",
        "memory_guideline": guideline,
        "memory_guidelines": guideline,
        "memory_content": f"<memory_synopsis>\n{synopsis}\n</memory_synopsis>" if there else "",
        "memory_action_guideline": "",
    }


def newest(turns: Sequence[Turn], most: int) -> tuple[list[Turn], int]:
    """Return the last turns that fit into `most` characters together, in order, and the number omitted."""
    sizes = accumulate(turn.size for turn in reversed(turns))
    kept = sum(size <= most for size in sizes)
    return list(turns[len(turns) - kept :]), len(turns) - kept


def model_prompt(
    template: str,
    known: Mapping[str, str],
    user: str,
    earlier: tuple[Sequence[Turn], int],
    made: Sequence[CompletedCall],
    today: date | None,
) -> ModelPrompt:
    """Return the prompt of a turn; `earlier` are its turns before this one, and how many more there are."""
    turns, hidden = earlier
    whole = Filling({**known, "question": user}, history(turns, hidden))
    system, question = system_and_question(template, whole)
    if "$conversation_history$" in template:
        turns, hidden = (), 0
    return ModelPrompt(template, known, system, question, turns, hidden, made, today)


def prompt_text(prompt: ModelPrompt, filling: Filling) -> str:
    """Return the filled template, as the trace shows it."""
    text = filled(prompt.template, replace(filling, calls=calls(prompt.calls)))
    if prompt.today is None:
        return text
    try:
        request = json.loads(text)
        request["system"] = with_date(request.get("system", ""), prompt.today)
    except (ValueError, TypeError, AttributeError):
        return with_date(text, prompt.today)
    return json.dumps(request, ensure_ascii=False)


def history(earlier: Iterable[Turn], hidden: int = 0) -> list[dict[str, str]]:
    """Return the messages of the session's earlier turns, in order; `hidden` turns before them are only counted."""
    said = [_message("user", f"({hidden} earlier turns)")] if hidden else []
    for turn in earlier:
        said += [_message("user", turn.user), *calls(turn.calls), _message("assistant", turn.agent)]
    return said


def shortened(text: str) -> str:
    """Return a text of a message, cut after what a trace shows of it."""
    hidden = len(text) - _LONGEST
    return text if hidden <= 0 else f"{text[:_LONGEST]}… ({hidden} characters more)"


def call_text(function: str, parameters: object) -> str:
    """Return a call in the form in which a model writes it."""
    return json.dumps({"function": function, "parameters": parameters}, ensure_ascii=False)


def _functions(functions: Sequence[Function]) -> str:
    lines = []
    for function in functions:
        parameters = ", ".join(f"{p.name}: {p.type}" for p in function.parameters)
        lines.append(f"- {function.action_group}::{function.name}({parameters}): {function.description}")
    return "\n".join(["You can call these functions:", *lines]) if lines else ""


def calls(made: Iterable[CompletedCall]) -> list[dict[str, str]]:
    """Return the messages of calls and their results."""
    said = []
    for call in made:
        said += [_message("assistant", call_text(call.function, dict(call.parameters))), _message("user", call.result)]
    return said


def _message(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": shortened(text)}
