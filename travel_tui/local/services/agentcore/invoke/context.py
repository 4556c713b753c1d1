"""What the agent of a harness is given for a turn: functions, instruction, and what is recalled."""

from __future__ import annotations

from travel_tui.local.agent_model import ModelPrompt
from travel_tui.local.prompts import ORCHESTRATION, prompts_of
from travel_tui.local.runtime.memory_strategies import active_strategies
from travel_tui.local.runtime.token_pacer import tokens
from travel_tui.local.scripted_agent.messages import TurnContext
from travel_tui.local.services.agentcore.invoke.progress import TurnProgress
from travel_tui.local.services.agentcore.invoke.recall import recall
from travel_tui.local.services.agentcore.invoke.tools import functions_of
from travel_tui.local.services.bedrock_agent_runtime.prompt import SHOWN, model_prompt, newest, variables


def turn_context(turn: TurnProgress, query: str) -> TurnContext:
    """Return a turn's context, with the records that fit what was said."""
    endpoint, harness, memory, session = turn.endpoint, turn.harness, turn.memory, turn.session
    memories = recall(endpoint, harness, memory, session.actor_id, session.session_id, query) if memory else []
    ignored = memories and endpoint.faults.happens("InvokeHarness", "memory-ignored")
    return TurnContext(
        today=endpoint.clock.today(),
        functions=functions_of(harness),
        memories=() if ignored else tuple(memories),
        instruction="\n".join(block["text"] for block in harness["systemPrompt"]),
        remembers=bool(memory and active_strategies(memory)),
    )


def prompt_tokens(context: TurnContext, query: str) -> int:
    """Estimate the tokens of a turn's prompt."""
    return tokens(context.instruction) + sum(map(tokens, context.memories)) + tokens(query)


def turn_prompt(turn: TurnProgress, context: TurnContext) -> ModelPrompt:
    """Return the prompt of a language model's next step."""
    transcript = turn.transcript
    memories = context.memories if turn.memory else None
    known = variables(turn.harness["harnessName"], context.instruction, context.functions, memories, {})
    template = prompts_of({})[ORCHESTRATION].template
    earlier = newest(turn.limits.recent(transcript.earlier), SHOWN)
    return model_prompt(template, known, transcript.user, earlier, tuple(transcript.calls), context.today)
