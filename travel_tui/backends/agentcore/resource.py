"""What the control plane says of a harness and its memory, read once: strategies, and what is retrieved for a turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from travel_tui.agent import AgentError, ErrorKind, MemoryKind, Problem
from travel_tui.agentcore_config import MEMORY_ID, AgentCoreConfig
from travel_tui.backends.agentcore.errors import HarnessLocation
from travel_tui.memory_store import Strategy

DEFAULT_TOP_K, DEFAULT_SCORE = 10, 0.2
"""What a harness retrieves per strategy without a retrievalConfig (AWS devguide, harness-memory)."""

_KINDS = {
    "SEMANTIC": MemoryKind.FACT,
    "SUMMARIZATION": MemoryKind.SESSION_SUMMARY,
    "USER_PREFERENCE": MemoryKind.PREFERENCE,
    "EPISODIC": MemoryKind.EPISODE,
    "SEMANTIC_OVERRIDE": MemoryKind.FACT,
    "SUMMARY_OVERRIDE": MemoryKind.SESSION_SUMMARY,
    "USER_PREFERENCE_OVERRIDE": MemoryKind.PREFERENCE,
    "EPISODIC_OVERRIDE": MemoryKind.EPISODE,
}


@dataclass(frozen=True, slots=True)
class Retrieval:
    """One retrieval that a harness makes before a turn; `namespace` is a template."""

    namespace: str
    top_k: int
    min_score: float
    strategy_id: str | None = None


@dataclass(frozen=True, slots=True)
class HarnessMemory:
    """A memory resource, and the retrievals of the harness that has it; None without a harness."""

    memory_id: str
    strategies: tuple[Strategy, ...]
    retrievals: tuple[Retrieval, ...] | None
    managed: bool = False
    """Whether it belongs to a harness, and is deleted with it."""


class ResourceReader:
    """Reads the harness and the memory of an agent on first use, in the caller's thread. Raises AgentError."""

    def __init__(self, config: AgentCoreConfig, control: Callable[[], Any], location: HarnessLocation) -> None:
        """`control` creates the client of the control plane."""
        self._config, self._control, self._location = config, control, location
        self._lock = threading.Lock()
        self._found: HarnessMemory | None = None
        self._arn = config.harness_arn if (config.harness_arn or "").startswith("arn:") else None
        self._client: Any = None

    def read(self) -> HarnessMemory:
        """Return what is known; a failure is not kept, so that the next call tries again."""
        with self._lock:
            if self._found is None:
                self._found = self._read()
            return self._found

    def harness_arn(self) -> str:
        """Return the harness's ARN, read from the service where the config has its id alone."""
        with self._lock:
            if self._arn is None:
                self._arn = str(self._connected().get_harness(harnessId=self._config.harness_id)["harness"]["arn"])
            return self._arn

    def _read(self) -> HarnessMemory:
        memory: Mapping[str, Any] = {}
        if self._config.harness_id is not None:
            harness = self._harness(self._config.harness_id)
            self._arn = self._arn or harness.get("arn")
            memory = harness.get("memory") or {}
        memory_id = self._config.memory_resource or _memory_id_of(memory)
        if memory_id is None:
            raise AgentError(_no_memory("disabled" in memory))
        resource = self._memory(memory_id)
        strategies = tuple(each for found in resource.get("strategies") or () for each in strategies_of(found))
        own = _memory_id_of(memory) == memory_id
        retrievals = tuple(retrievals_of(memory, strategies)) if own else None
        return HarnessMemory(memory_id, strategies, retrievals, bool(resource.get("managedByResourceArn")))

    def _harness(self, harness_id: str) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = self._connected().get_harness(harnessId=harness_id)["harness"]
        except AgentError:
            raise
        except Exception as error:
            problem = self._location.describe(error)
            if problem.cause is ErrorKind.DENIED and self._config.memory_resource:
                return {}  # the memory is known without it; only what would be recalled is not
            hint = (
                " Or name its memory in the config: agentcore_memory_id." if problem.cause is ErrorKind.DENIED else ""
            )
            raise AgentError(replace(problem, advice=problem.advice + hint)) from error
        return found

    def _memory(self, memory_id: str) -> Mapping[str, Any]:
        try:
            memory: Mapping[str, Any] = self._connected().get_memory(memoryId=memory_id)["memory"]
        except AgentError:
            raise
        except Exception as error:
            raise AgentError(replace(self._location, memory_id=memory_id).describe(error)) from error
        return memory

    def _connected(self) -> Any:
        if self._client is None:
            self._client = self._control()
        return self._client


def strategies_of(strategy: Mapping[str, Any]) -> Iterator[Strategy]:
    """Yield a strategy, and after an episodic one its reflections, which have a namespace of their own."""
    configuration = strategy.get("configuration") or {}
    kind = _KINDS.get(str(strategy.get("type")), _KINDS.get(str(configuration.get("type")), MemoryKind.OTHER))
    found = Strategy(
        str(strategy.get("strategyId", "")),
        str(strategy.get("name", "")),
        kind,
        _template(strategy),
        active=strategy.get("status", "ACTIVE") == "ACTIVE",
    )
    yield found
    for body in (configuration.get("reflection") or {}).values():
        nested = body if _template(body) else (body or {}).get("episodicReflectionOverride") or {}
        if template := _template(nested):
            yield replace(found, kind=MemoryKind.REFLECTION, namespace=template)


def retrievals_of(memory: Mapping[str, Any], strategies: tuple[Strategy, ...]) -> Iterator[Retrieval]:
    """Yield what a harness with this memory configuration retrieves for each turn."""
    own = (memory.get("agentCoreMemoryConfiguration") or {}).get("retrievalConfig")
    if own:
        for namespace, values in own.items():
            top_k, score = values.get("topK", DEFAULT_TOP_K), values.get("relevanceScore", DEFAULT_SCORE)
            yield Retrieval(str(namespace), int(top_k), float(score), values.get("strategyId"))
        return
    for each in strategies:
        if each.active:
            yield Retrieval(each.namespace, DEFAULT_TOP_K, DEFAULT_SCORE, each.strategy_id)


def _template(holder: Mapping[str, Any] | None) -> str:
    """Return the one namespace template; `namespaces` is its deprecated twin."""
    templates = (holder or {}).get("namespaceTemplates") or (holder or {}).get("namespaces") or ()
    return str(next(iter(templates), ""))


def _memory_id_of(memory: Mapping[str, Any]) -> str | None:
    """Return the id of a harness's memory, its own or a managed one; None if it has none."""
    for configuration in memory.values():
        found = MEMORY_ID.fullmatch(str((configuration or {}).get("arn", "")))
        if found:
            return found[1]
    return None


def _no_memory(disabled: bool) -> Problem:
    why = "Its memory is disabled." if disabled else "GetHarness names no memory."
    advice = "Give it one (UpdateHarness), or connect to a memory alone: `travel-tui connect --memory-id ID`."
    return Problem(ErrorKind.NOT_FOUND, "This harness has no memory.", why, advice)
