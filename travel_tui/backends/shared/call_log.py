"""Log records of boto3's calls: operation, status, time and attempts, without what was sent or received."""

from __future__ import annotations

import logging
import time
from typing import Any

_LOG = logging.getLogger(__name__)
_BEGAN = "travel_tui.began"


def log_calls(client: Any) -> None:
    """Have a boto3 client log its calls, if they are logged at all: an event costs each call some time."""
    if _LOG.isEnabledFor(logging.INFO):
        events = client.meta.events
        events.register("before-call", _began)
        events.register("after-call", _answered)
        events.register("after-call-error", _failed)


def _began(context: dict[str, Any], **_: Any) -> None:
    context[_BEGAN] = time.monotonic()


def _answered(model: Any, parsed: Any, context: dict[str, Any], **_: Any) -> None:
    about = parsed.get("ResponseMetadata", {}) if isinstance(parsed, dict) else {}
    status = about.get("HTTPStatusCode", 0)
    _LOG.log(
        logging.DEBUG if status < 300 else logging.INFO,
        "%s: status %s%s, %.0f ms, %d retries, request %s",
        model.name, status, f" {parsed['Error'].get('Code', '')}" if status >= 300 and "Error" in parsed else "",
        _took_ms(context), about.get("RetryAttempts", 0), about.get("RequestId", "unknown"),
    )  # fmt: skip


def _failed(exception: BaseException, context: dict[str, Any], event_name: str, **_: Any) -> None:
    operation = event_name.rpartition(".")[2]
    _LOG.info("%s: no answer, %.0f ms: %s", operation, _took_ms(context), type(exception).__name__)


def _took_ms(context: dict[str, Any]) -> float:
    began: float = context.get(_BEGAN, time.monotonic())
    return (time.monotonic() - began) * 1000
