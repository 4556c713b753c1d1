"""Prompt configurations of an agent: AWS's defaults, and what promptOverrideConfiguration changes of them.

Types and default states are from bedrock-agent's model (PromptConfiguration). The default templates are this endpoint's
own, with AWS's placeholder variables (user guide, prompt-placeholders); AWS's differ from model to model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PRE_PROCESSING = "PRE_PROCESSING"
ORCHESTRATION = "ORCHESTRATION"
POST_PROCESSING = "POST_PROCESSING"
MEMORY_SUMMARIZATION = "MEMORY_SUMMARIZATION"

_INFERENCE = {"temperature": 0.0, "topP": 1.0, "topK": 1, "maximumLength": 2048}
_SYSTEM = "$instruction$\n\n$functions$\n\n$prompt_session_attributes$\n\n$memory_guideline$\n$memory_content$"


def _template(system: str, *contents: str) -> str:
    roles = ("user", "assistant")
    messages = [{"role": role, "content": content} for role, content in zip(roles, contents, strict=False)]
    return json.dumps({"system": system, "messages": messages}, indent=2)


_TEMPLATES = {
    PRE_PROCESSING: _template("Decide whether these functions can answer the question:\n$functions$", "$question$"),
    ORCHESTRATION: _template(_SYSTEM, "$question$", "$agent_scratchpad$"),
    "KNOWLEDGE_BASE_RESPONSE_GENERATION": _template("Answer from these search results:\n$search_results$", "$query$"),
    POST_PROCESSING: _template("Word the answer to this question kindly:\n$question$", "$latest_response$"),
    MEMORY_SUMMARIZATION: _template(
        "Summarise the conversation as <summary><topic name='user goals'>…</topic>"
        "<topic name='assistant actions'>…</topic></summary>.\n$past_conversation_summary$",
        "$conversation$",
    ),
}
_DISABLED = {PRE_PROCESSING, POST_PROCESSING}
"""Types of prompts whose steps are skipped by default."""


@dataclass(frozen=True, slots=True)
class StepPrompt:
    """The prompt of one step of an agent."""

    type: str
    overridden: bool = False
    enabled: bool = True
    """Whether the agent carries out the step."""
    template: str = ""
    inference: Mapping[str, Any] = field(default_factory=dict)
    """Inference parameters, which are shown in traces."""
    foundation_model: str | None = None
    """The step's own model; None means the agent's."""
    additional_fields: Any = None

    def has(self, variable: str) -> bool:
        """Whether a placeholder variable is in the template."""
        return f"${variable}$" in self.template


def prompts_of(override: Mapping[str, Any]) -> dict[str, StepPrompt]:
    """Return all prompts of an agent with this promptOverrideConfiguration, which may be empty, by their types."""
    given = {each.get("promptType"): each for each in override.get("promptConfigurations", [])}
    return {kind: _prompt(kind, given.get(kind, {})) for kind in _TEMPLATES}


def _prompt(kind: str, given: Mapping[str, Any]) -> StepPrompt:
    # Earlier versions stored what they did not use, also without a type or a template.
    overridden = given.get("promptCreationMode") == "OVERRIDDEN" and "basePromptTemplate" in given
    inference = given.get("inferenceConfiguration", {}) if overridden else {}
    return StepPrompt(
        type=kind,
        overridden=overridden,
        enabled=given.get("promptState", "DISABLED" if kind in _DISABLED else "ENABLED") == "ENABLED",
        template=given["basePromptTemplate"] if overridden else _TEMPLATES[kind],
        inference={**_INFERENCE, **inference},
        foundation_model=given.get("foundationModel"),
        additional_fields=given.get("additionalModelRequestFields"),
    )


def to_configuration(override: Mapping[str, Any]) -> dict[str, Any]:
    """Return the promptOverrideConfiguration that GetAgent shows: all types, each with what holds for it."""
    return {"promptConfigurations": [_shown(prompt) for prompt in prompts_of(override).values()]}


def _shown(prompt: StepPrompt) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "promptType": prompt.type,
        "promptCreationMode": "OVERRIDDEN" if prompt.overridden else "DEFAULT",
        "promptState": "ENABLED" if prompt.enabled else "DISABLED",
        "basePromptTemplate": prompt.template,
        "inferenceConfiguration": dict(prompt.inference),
        "parserMode": "DEFAULT",
    }
    if prompt.foundation_model:
        shown["foundationModel"] = prompt.foundation_model
    if prompt.additional_fields is not None:
        shown["additionalModelRequestFields"] = prompt.additional_fields
    return shown


def problem_of(override: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a promptOverrideConfiguration; None if it can be used."""
    configurations = override.get("promptConfigurations", [])
    kinds = [each.get("promptType") for each in configurations]
    for kind, each in zip(kinds, configurations, strict=True):
        if kind is None:
            return "Each of promptConfigurations needs a promptType."
        if kinds.count(kind) > 1:
            return f"promptConfigurations has {kind} more than once."
        if each.get("promptCreationMode") == "OVERRIDDEN" and "basePromptTemplate" not in each:
            return f"The promptCreationMode of {kind} is OVERRIDDEN, so it needs a basePromptTemplate."
        if kind == ORCHESTRATION and each.get("promptState") == "DISABLED":
            return "The local endpoint's agents cannot skip ORCHESTRATION: its promptState must be ENABLED."
    return None
