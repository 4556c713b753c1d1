"""The steps before and after the orchestration, where an agent has them enabled: only their traces.

The script takes every message and leaves its answers as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from travel_tui.local.prompts import POST_PROCESSING, PRE_PROCESSING
from travel_tui.local.services.bedrock_agent_runtime.prompt import shortened
from travel_tui.local.services.bedrock_agent_runtime.templates import Filling, filled
from travel_tui.local.services.bedrock_agent_runtime.trace import Tracer
from travel_tui.local.state.agents import AgentVersion
from travel_tui.local.wire.call import Event

_TAKEN = "The scripted agent takes every message."


def pre_processing(agent: AgentVersion, tracer: Tracer, filling: Filling) -> Iterator[Event]:
    """Yield the trace of the step before the orchestration, if there is one."""
    prompt = agent.prompts[PRE_PROCESSING]
    if prompt.enabled:
        yield tracer.model_input(prompt, filled(prompt.template, filling))
        yield tracer.model_output(_TAKEN, PRE_PROCESSING, isValid=True, rationale=_TAKEN)


def post_processing(agent: AgentVersion, tracer: Tracer, filling: Filling, text: str) -> Iterator[Event]:
    """Yield the trace of the step after the orchestration, whose answer is `text`, if there is one."""
    prompt = agent.prompts[POST_PROCESSING]
    if prompt.enabled:
        latest = shortened(text)
        answered = replace(filling, variables={**filling.variables, "latest_response": latest, "responses": latest})
        yield tracer.model_input(prompt, filled(prompt.template, answered))
        yield tracer.model_output(text, POST_PROCESSING, text=text)
