"""The model's next decision in a call of a harness: an answer, or a call of a function."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from travel_tui.local.agent_model import Decision, ModelInput, ReasoningDelta, TextDelta
from travel_tui.local.runtime.model_steps import model_steps
from travel_tui.local.runtime.token_pacer import CHARACTERS_PER_TOKEN, pieces, tokens
from travel_tui.local.scripted_agent.messages import CompletedCall, ToolCall, ToolResult, TurnContext, UserMessage
from travel_tui.local.services.agentcore.invoke import hooks, payload, stream
from travel_tui.local.services.agentcore.invoke.context import turn_prompt
from travel_tui.local.services.agentcore.invoke.progress import TurnProgress
from travel_tui.local.services.agentcore.invoke.tools import TOOL_TYPE, call_input
from travel_tui.local.wire.call import Event

_PIECES_TOGETHER = 64
"""Pieces of an answer that are sent together where nothing is paced."""


async def decide(
    turn: TurnProgress, context: TurnContext, message: UserMessage | ToolResult
) -> AsyncGenerator[Event | Decision, None]:
    """Yield the blocks of reasoning and text up to the model's next decision, and last that."""
    model, transcript = turn.endpoint.model, turn.transcript
    turn.index = 0
    most, _ = turn.limits.tokens(turn.output_tokens)
    given = ModelInput(context, turn.agent_state, message, lambda: turn_prompt(turn, context), most)
    reasons = False
    decision: Decision | None = None
    async with aclosing(model_steps(model, given, turn.pacer)) as steps:
        async for step in steps:
            match step:
                case ReasoningDelta(text) if turn.shows_reasoning and not transcript.spoken:
                    reasons = True
                    yield stream.reasoning_delta(turn.index, text)
                case TextDelta(text):
                    if reasons:
                        yield turn.end_block()
                        reasons = False
                    transcript.spoken.append(text)
                    yield stream.text_delta(turn.index, text)
                case Decision():
                    decision = step
                case _:
                    pass
    if reasons:
        yield turn.end_block()
    elif decision and not model.is_language_model and turn.shows_reasoning:
        yield stream.reasoning_delta(turn.index, decision.rationale)
        yield turn.end_block()
    if decision:
        yield decision


async def answer(turn: TurnProgress, decision: Decision, prompt: int, text: str) -> AsyncGenerator[Event, None]:
    """Save an answer, and yield its events."""
    streamed = turn.transcript.end_message()
    shown, stop = _within_limits(turn, decision, streamed or text)
    if turn.endpoint.faults.happens("InvokeHarness", "partial-turn"):
        stop, shown = "partial_turn", shown if streamed else shown[: max(1, len(shown) // 2)]
    turn.count(decision, prompt, shown)
    turn.save(None, payload.texts("ASSISTANT", shown))
    paced = turn.endpoint.settings.pace > 0
    for piece in stream.in_groups(pieces("" if streamed else shown), 1 if paced else _PIECES_TOGETHER):
        await turn.pace(piece)
        yield stream.text_delta(turn.index, piece)
    for event in turn.finish(stop, in_block=True):
        yield event


def _within_limits(turn: TurnProgress, decision: Decision, text: str) -> tuple[str, str]:
    """Return an answer as far as it may go, and the reason why it stops."""
    most, reason = turn.limits.tokens(turn.output_tokens)
    if decision.output:
        return text, reason if decision.output.cut else "end_turn"
    stop = "end_turn"
    if most is not None and tokens(text) > most:
        text, stop = text[: most * CHARACTERS_PER_TOKEN], reason
    pace = turn.endpoint.settings.pace
    in_time = pace * (turn.limits.seconds - turn.elapsed_s)
    if pace > 0 and tokens(text) > in_time:
        text, stop = text[: max(1, int(in_time) * CHARACTERS_PER_TOKEN)], "timeout_exceeded"
    return text, stop


async def call(
    turn: TurnProgress, decision: Decision, prompt: int, made: ToolCall, query: str, asked: hooks.Hooks
) -> AsyncGenerator[Event, None]:
    """Yield a call of a function, which is handed over to the caller unless a hook denies it."""
    streamed = turn.transcript.end_message()
    if streamed:
        yield turn.end_block()
    name, given = made.function.name, call_input(made, turn.harness)
    tool_use_id = f"tooluse_{turn.endpoint.ids.hex(22)}"
    use = {"toolUseId": tool_use_id, "name": name, "input": given}
    said = [*payload.texts("ASSISTANT", streamed), payload.block("assistant", {"toolUse": use})]
    turn.count(decision, prompt, str(given))
    told = {"toolName": name, "toolType": TOOL_TYPE, "toolInput": given, "toolUseId": tool_use_id}
    before = await asked.run(hooks.BEFORE_TOOL_CALL, told)
    if not before.denied:
        waiting = {"toolUseId": tool_use_id, "name": name, "parameters": dict(made.parameters), "query": query}
        turn.save(waiting, said)
    for event in stream.tool_use(turn.index, tool_use_id, name, given):
        if event.kind == "contentBlockDelta":
            await turn.pace(event.content["delta"]["toolUse"]["input"])
        yield event
    for event in before.events:
        yield event
    if not before.denied:
        for event in turn.finish("tool_use"):
            yield event
        return
    reason = before.reason or f"A hook denied the call of {name}."
    turn.transcript.calls.append(CompletedCall(name, dict(made.parameters), reason, "REPROMPT"))
    result = {"toolUseId": tool_use_id, "content": [{"text": reason}], "status": "error"}
    turn.transcript.payload += [*said, payload.block("user", {"toolResult": result})]
    yield stream.message_stop("tool_use")
    yield stream.message_start("user")
    for event in stream.tool_result(0, tool_use_id, reason, failed=True):
        yield event
    yield stream.message_stop("tool_result")
