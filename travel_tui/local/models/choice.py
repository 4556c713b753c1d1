"""The choice of a model on the command line: `openai:URL#MODEL` or `bedrock:MODEL`, recorded or replayed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from travel_tui.endpoint_url import shown_refused

DEFAULT_TIMEOUT_S = 120.0
"""Seconds without anything from a model until it counts as away; a large model on a CPU reads a prompt for a minute."""
_FORMS = "Expected: openai:URL#MODEL, such as openai:http://127.0.0.1:11434/v1#qwen3, or bedrock:MODEL."


class ChoiceError(ValueError):
    """A model cannot be chosen so; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class ModelAddress:
    """A model and its API."""

    api: Literal["openai", "bedrock"]
    model: str
    url: str = ""
    """Base URL of an OpenAI-compatible API."""

    @property
    def text(self) -> str:
        """Return the address as it is chosen."""
        return f"openai:{self.url}#{self.model}" if self.api == "openai" else f"bedrock:{self.model}"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What answers instead of the scripted agent."""

    address: ModelAddress | None = None
    """None where a recording answers."""
    record: Path | None = None
    """File to which every exchange is added."""
    replay: Path | None = None
    """File from which is answered."""
    timeout_s: float = DEFAULT_TIMEOUT_S


def read_address(text: str) -> ModelAddress:
    """Parse a model's address. Raises ChoiceError."""
    api, _, rest = text.partition(":")
    if api == "bedrock" and rest.strip() and rest.isprintable():
        return ModelAddress("bedrock", rest.strip())
    if api != "openai":
        raise ChoiceError(f"{shown_refused(text)!r} names no model. {_FORMS}")
    url, _, model = rest.partition("#")
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0 and parts.scheme in {"http", "https"}
    except ValueError as error:
        raise ChoiceError(f"{shown_refused(text)!r} has no URL of an API: {error}. {_FORMS}") from error
    if not usable:
        raise ChoiceError(f"{shown_refused(text)!r} has no URL of an API. {_FORMS}")
    if parts.username is not None or parts.password is not None or parts.query:
        raise ChoiceError(
            "The URL of the model has a name, password or query, which would be seen in logs. Leave them out; a key "
            "is taken from OPENAI_API_KEY."
        )
    if not model.strip() or not model.isprintable():
        raise ChoiceError(f"{text!r} lacks the model. {_FORMS} The server lists its models at {url}/models.")
    return ModelAddress("openai", model.strip(), url.rstrip("/"))


def flags_of(choice: ModelChoice | None) -> tuple[str, ...]:
    """Return the options of `travel-tui local` that choose the same."""
    if choice is None:
        return ()
    flags = ["--model-timeout", f"{choice.timeout_s:g}"]
    if choice.address:
        flags += ["--model", choice.address.text]
    for name, path in (("--record", choice.record), ("--replay", choice.replay)):
        flags += [name, str(path.absolute())] if path else []
    return tuple(flags)


def digest_of(choice: ModelChoice) -> str:
    """Return eight characters that stand for what answers, whether or not it is recorded."""
    answers = choice.address.text if choice.address else str(choice.replay and choice.replay.absolute())
    return hashlib.sha256(answers.encode()).hexdigest()[:8]


def announcement(choice: ModelChoice) -> str:
    """Return a sentence about what answers, and what is called for it."""
    if choice.address is None:
        return f"Answers come from the recording {choice.replay}; no model is called."
    if choice.address.api == "openai":
        where = f"at {choice.address.url}"
    else:
        where = "on Amazon Bedrock, with your AWS credentials"
    return f"Answers come from the model {choice.address.model} {where}, which is sent all that is said."


def choose(
    address: ModelAddress | None, record: Path | None, replay: Path | None, timeout_s: float
) -> ModelChoice | None:
    """Return what is to answer; None for the scripted agent. Raises ChoiceError for options that exclude each other."""
    if record and not address:
        raise ChoiceError("--record needs --model: the scripted agent says the same every time.")
    if replay and (address or record):
        raise ChoiceError("--replay answers instead of a model: leave out --model and --record.")
    return ModelChoice(address, record, replay, timeout_s) if address or replay else None
