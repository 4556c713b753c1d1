"""Check of doctor for model servers on this machine, which `--model` could use."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Mapping

from provision.doctor_result import CheckResult, CheckStatus

PORTS: Mapping[str, int] = {"Ollama": 11434, "LM Studio": 1234, "llama.cpp": 8080}
"""Default ports of the servers (their documentation)."""
_TIMEOUT_S = 1.0
_LARGEST = 1_000_000
_NAMED = 5


async def models(ports: Mapping[str, int] = PORTS) -> list[CheckResult]:
    """List what answers on the default ports of model servers, and with which models; nothing is sent to a model."""
    found = await asyncio.gather(*(asyncio.to_thread(_models_at, port) for port in ports.values()))
    results = [
        CheckResult("model server", CheckStatus.GOOD, _told(name, port, ids))
        for (name, port), ids in zip(ports.items(), found, strict=True)
        if ids is not None
    ]
    asked = ", ".join(f"{name} {port}" for name, port in ports.items())
    return results or [CheckResult("model server", CheckStatus.SKIPPED, f"None on the default ports: {asked}.")]


def _told(name: str, port: int, ids: list[str]) -> str:
    listed = ", ".join(ids[:_NAMED]) + (f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else "")
    example = f"; --model openai:http://127.0.0.1:{port}/v1#{ids[0]}" if ids else ""
    return f"port {port} ({name}'s): {listed or 'no model loaded'}{example}"


def _models_at(port: int) -> list[str] | None:
    """Return the models of an OpenAI-compatible server on this machine; None if none answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/v1/models", timeout=_TIMEOUT_S) as answer:
            listed = json.loads(answer.read(_LARGEST))["data"]
            return [text for each in listed if (text := str(each["id"])).isprintable()]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # nothing there, or another kind of server
        return None
