"""Parsing of trace steps: operation, input and duration. Any field may be missing or malformed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from travel_tui.agent import TraceStep

UNIONS = {
    "orchestrationTrace": "",
    "preProcessingTrace": "Pre-processing",
    "postProcessingTrace": "Post-processing",
    "routingClassifierTrace": "Routing",
}
"""Trace kinds with one step in them, and the prefix of the step's title."""

NOTE = 300
"""Maximum characters of a note; the payload has the full text."""

Phase = Literal["", "begins", "ends"]


def parse_step(part: Mapping[str, Any]) -> TraceStep:
    """Parse one TracePart, which must be JSON; for an unknown kind only the kind and payload are set."""
    trace = _mapping(part.get("trace"))
    kind = next(iter(trace), "unknown")
    body = _mapping(trace.get(kind))
    inner = next(iter(body), "") if kind in UNIONS else ""
    path = f"{kind}/{inner}" if inner else kind
    step = _mapping(body.get(inner)) if inner else body
    found = _UNION_STEPS.get(inner, _unknown)(step) if kind in UNIONS else _WHOLE_STEPS.get(kind, _unknown)(step)
    title, note, channel, phase, content, failed = found
    metadata = _mapping(content.get("metadata"))
    usage = _mapping(metadata.get("usage"))
    trace_id = _text(step.get("traceId"))
    return TraceStep(
        path.replace("/", "."),
        part,
        title=": ".join(each for each in (UNIONS.get(kind, ""), title) if each) if title else "",
        note=note[:NOTE],
        span=f"{kind}/{trace_id}/{channel}" if trace_id and channel else "",
        phase=phase if trace_id and channel else "",
        body=f"trace/{path}" if trace else "",
        at_s=_moment(part.get("eventTime")),
        took_s=_took(metadata),
        input_tokens=_count(usage.get("inputTokens")),
        output_tokens=_count(usage.get("outputTokens")),
        failed=failed,
    )


Found = tuple[str, str, str, Phase, Mapping[str, Any], bool]
"""Title, note, span, phase, the mapping with its metadata, whether it failed."""


def _unknown(step: Mapping[str, Any]) -> Found:
    return "", "", "", "", step, False


def _model_input(step: Mapping[str, Any]) -> Found:
    return "Model", _text(step.get("foundationModel")), "model", "begins", step, False


def _model_output(step: Mapping[str, Any]) -> Found:
    parsed = _mapping(step.get("parsedResponse"))
    note = _text(parsed.get("rationale")) or _text(_mapping(step.get("rawResponse")).get("content"))
    return "Model", note, "model", "ends", step, parsed.get("isValid") is False


def _rationale(step: Mapping[str, Any]) -> Found:
    return "Rationale", _text(step.get("text")), "", "", step, False


def _invocation(step: Mapping[str, Any]) -> Found:
    if call := _mapping(step.get("actionGroupInvocationInput")):
        function = _text(call.get("function")) or f"{_text(call.get('verb')).upper()} {_text(call.get('apiPath'))}"
        returned = call.get("executionType") == "RETURN_CONTROL"
        title, note = function.strip() or "Action group", _parameters(call)
        return title, note, "" if returned else "call", "" if returned else "begins", call, False
    if look := _mapping(step.get("knowledgeBaseLookupInput")):
        return "Knowledge base", _text(look.get("text")), "call", "begins", look, False
    if code := _mapping(step.get("codeInterpreterInvocationInput")):
        return "Code interpreter", _text(code.get("code")), "call", "begins", code, False
    if other := _mapping(step.get("agentCollaboratorInvocationInput")):
        note = _text(_mapping(other.get("input")).get("text"))
        return _collaborator(other), note, "call", "begins", other, False
    return _unknown(step)


def _observation(step: Mapping[str, Any]) -> Found:
    if result := _mapping(step.get("actionGroupInvocationOutput")):
        return "Action group", _text(result.get("text")), "call", "ends", result, False
    if found := _mapping(step.get("knowledgeBaseLookupOutput")):
        references = found.get("retrievedReferences")
        number = len(references) if isinstance(references, list) else 0
        return "Knowledge base", f"{number} found", "call", "ends", found, False
    if ran := _mapping(step.get("codeInterpreterInvocationOutput")):
        error = _text(ran.get("executionError")) or ("timed out" if ran.get("executionTimeout") is True else "")
        return "Code interpreter", error or _text(ran.get("executionOutput")), "call", "ends", ran, bool(error)
    if other := _mapping(step.get("agentCollaboratorInvocationOutput")):
        note = _text(_mapping(other.get("output")).get("text"))
        return _collaborator(other), note, "call", "ends", other, False
    if again := _mapping(step.get("repromptResponse")):
        return "Asks again", _text(again.get("text")), "call", "ends", again, False
    if final := _mapping(step.get("finalResponse")):
        return "Final response", _text(final.get("text")), "", "", final, False
    return _unknown(step)


def _failure(step: Mapping[str, Any]) -> Found:
    return "Failure", _text(step.get("failureReason")), "", "", step, True


def _guardrail(step: Mapping[str, Any]) -> Found:
    stopped = step.get("action") == "INTERVENED"
    return "Guardrail", "intervened" if stopped else "let it pass", "", "", step, stopped


def _custom(step: Mapping[str, Any]) -> Found:
    return "Custom orchestration", _text(_mapping(step.get("event")).get("text")), "", "", step, False


_UNION_STEPS = {
    "modelInvocationInput": _model_input,
    "modelInvocationOutput": _model_output,
    "rationale": _rationale,
    "invocationInput": _invocation,
    "observation": _observation,
}
_WHOLE_STEPS = {"failureTrace": _failure, "guardrailTrace": _guardrail, "customOrchestrationTrace": _custom}


def _collaborator(body: Mapping[str, Any]) -> str:
    return f"Agent {_text(body.get('agentCollaboratorName'))}".strip()


def _parameters(call: Mapping[str, Any]) -> str:
    given = call.get("parameters")
    return "  ".join(_text(_mapping(each).get("value")) for each in given) if isinstance(given, list) else ""


def _took(metadata: Mapping[str, Any]) -> float | None:
    """Return the duration in seconds: the total if given, else from start to end."""
    total = metadata.get("totalTimeMs")
    if isinstance(total, int | float) and not isinstance(total, bool) and total >= 0:
        return total / 1000
    start, end = _moment(metadata.get("startTime")), _moment(metadata.get("endTime"))
    return None if start is None or end is None else max(0.0, end - start)


def _moment(value: Any) -> float | None:
    try:
        return datetime.fromisoformat(value).timestamp()
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
