"""How a turn of a harness ended, by the reason for which its last message stopped."""

from __future__ import annotations

from travel_tui.agent import ErrorKind, Problem

COMPLETE = frozenset({"end_turn", "stop_sequence", "guardrail_intervened"})
"""The answer is whole; what a guardrail says in place of an answer is one too."""
TOOL_USE = "tool_use"
"""The caller has to run the tools of the last message."""

_KEPT = "Partial answer kept. Actions may already have run; check before retrying."
_LIMITS = {
    "max_tokens": "The answer reached the model's token limit.",
    "max_output_tokens_exceeded": "The turn reached the harness's limit of output tokens.",
    "model_context_window_exceeded": "The conversation is longer than the model's context window.",
    "max_iterations_exceeded": "The turn reached the harness's limit of iterations.",
    "timeout_exceeded": "The turn reached the harness's time limit.",
    "interrupted": "The turn was interrupted.",
    "partial_turn": "The harness returned a part of the turn only.",
    "tool_result": "The stream ended after a tool's result, before the answer to it.",
}
_RAISE = {
    "max_tokens": "maxTokens of its model",
    "max_output_tokens_exceeded": "maxTokens",
    "max_iterations_exceeded": "maxIterations",
    "timeout_exceeded": "timeoutSeconds",
}
_MODEL = {
    "content_filtered": "The model's answer was stopped by a content filter.",
    "malformed_model_output": "The model's output could not be read.",
    "malformed_tool_use": "The model called a tool in a form that could not be read.",
}


def problem_of_stop(reason: str, hook: str = "") -> Problem | None:
    """Return why a turn whose last message stopped for `reason` is no whole answer; None if it is one.

    `hook` is what the last hook said, for a turn that a hook stopped.
    """
    if reason in COMPLETE or reason == TOOL_USE:
        return None
    why = f"Its stop reason is {reason}."
    if what := _LIMITS.get(reason):
        setting = _RAISE.get(reason)
        advice = f"{_KEPT} The harness's {setting} sets this limit." if setting else _KEPT
        return Problem(ErrorKind.CUT_OFF, what, why, advice)
    if what := _MODEL.get(reason):
        return Problem(ErrorKind.DEPENDENCY, what, why, _KEPT)
    if reason == "hook_stopped":
        return Problem(ErrorKind.DENIED, "A hook of the harness stopped the turn.", hook or why, _KEPT)
    return Problem(ErrorKind.UNKNOWN, "The turn stopped for a reason unknown to this client.", why, _KEPT)
