"""Attempt to stop a session of a harness, for which no operation is documented."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from provision.connect import Account
from provision.probe_points import STOPPED
from travel_tui.agentcore_config import AgentCoreConfig


def stop_session(account: Account, target: AgentCoreConfig, session_id: str) -> dict[str, str]:
    """Try the ARN of the harness, then that of its runtime; return what each answered: STOPPED, or the error.

    Raises AgentError if an AWS setting is invalid.
    """
    client = account.client("bedrock-agentcore")
    tried: dict[str, str] = {}
    for kind, arn in (("harness", target.harness_arn), ("runtime", _runtime_arn(account, target))):
        if arn is None or STOPPED in tried.values():
            continue
        try:
            client.stop_runtime_session(agentRuntimeArn=arn, runtimeSessionId=session_id)
        except (BotoCoreError, ClientError) as error:
            tried[kind] = _told(error)
        else:
            tried[kind] = STOPPED
    return tried


def _runtime_arn(account: Account, target: AgentCoreConfig) -> str | None:
    """Return the ARN of the harness's runtime; None if it cannot be read."""
    control = account.client("bedrock-agentcore-control")
    try:
        harness = control.get_harness(harnessId=target.harness_id)["harness"]
    except (BotoCoreError, ClientError):
        return None
    environment = (harness.get("environment") or {}).get("agentCoreRuntimeEnvironment") or {}
    found: str | None = environment.get("agentRuntimeArn")
    return found


def _told(error: BotoCoreError | ClientError) -> str:
    details = error.response.get("Error", {}) if isinstance(error, ClientError) else {}
    return f"{details.get('Code')}: {details.get('Message')}" if details else f"{type(error).__name__}: {error}"
