"""Checks of an agent's dependencies: the caller's credentials, its Lambda functions and its model."""

from __future__ import annotations

import json
import re
from typing import Any

from botocore.exceptions import ClientError, NoRegionError

from provision.agent_inventory import AgentReport, Unchecked
from provision.connect import Account
from provision.doctor_agent import hidden, unknown
from provision.doctor_result import CheckResult, CheckStatus
from provision.invoke_policy import AGENTS, INVOKE, allows_invoke
from travel_tui.agent import AgentError, ErrorKind
from travel_tui.endpoint_url import is_loopback

_SOURCES = {
    "env": "from the environment",
    "shared-credentials-file": "from the AWS credentials file",
    "config-file": "from the AWS config file",
    "sso": "from aws sso login",
    "login": "from aws login",
    "assume-role": "of a role that the profile assumes",
    "assume-role-with-web-identity": "of a web identity",
    "custom-process": "from the profile's credential_process",
    "iam-role": "of this machine",
    "container-role": "of this container",
}
"""By botocore's name of the credential provider."""
_BUILT_IN = "TRAVELDEMO"
"""The local endpoint's built-in agent, which runs its function without a Lambda resource."""
_PROFILE = re.compile(r"(?:global|us-gov|[a-z]{2,4})\.(?=[a-z0-9-]+\.)")
"""Prefix of a cross-Region inference profile's id before the foundation model's id."""


def caller(account: Account) -> CheckResult:
    """Report whose credentials are used. Raises AgentError."""
    try:
        who = account.ask("GetCallerIdentity", lambda: account.client("sts").get_caller_identity())
    except AgentError as error:
        if error.problem.cause is ErrorKind.INVALID and not isinstance(error.__cause__, ClientError | NoRegionError):
            raise  # an AWS setting is invalid
        return unknown("credentials", _unchecked(error, "sts:GetCallerIdentity"))
    kind = who["Arn"].rpartition(":")[2].split("/")
    name = "/".join(kind[:2])  # the session name of an assumed role is often an e-mail address
    keys = account.ask("", account.maker.session.get_credentials)
    source = _SOURCES.get(getattr(keys, "method", ""), "")
    source = "for the local endpoint" if account.maker.isolated else source
    return CheckResult(
        "credentials", CheckStatus.GOOD, f"{name} of account {who['Account']}{f', {source}' if source else ''}"
    )


def functions(account: Account, found: AgentReport) -> CheckResult:
    """Check whether the agent may invoke its Lambda functions. Raises AgentError."""
    subject = "functions"
    if unchecked := hidden(found, "ListAgentActionGroups", "GetAgentActionGroup"):
        return unknown(subject, unchecked)
    if found.action_groups is None:
        return CheckResult(subject, CheckStatus.UNKNOWN, "Unknown: the alias's version is unknown.")
    if not found.action_groups:
        return CheckResult(subject, CheckStatus.GOOD, "none: the agent has no action group")
    arns = list(dict.fromkeys(group.lambda_arn for group in found.action_groups if group.lambda_arn))
    if not arns:
        return CheckResult(subject, CheckStatus.GOOD, "no Lambda: calls return to the caller, or are built into AWS")
    looked = [_function(account, arn, found) for arn in arns]
    order = (CheckStatus.BROKEN, CheckStatus.UNKNOWN, CheckStatus.GOOD)
    return min(looked, key=lambda each: order.index(each.verdict))


def _function(account: Account, arn: str, found: AgentReport) -> CheckResult:
    subject, name = "functions", arn.rsplit(":function:", maxsplit=1)[-1]
    try:
        policy = account.ask("GetPolicy", lambda: account.client("lambda").get_policy(FunctionName=arn))["Policy"]
    except AgentError as error:
        if found.agent_id == _BUILT_IN and _local(account):
            return CheckResult(subject, CheckStatus.GOOD, "built into the local endpoint")
        if error.problem.cause is not ErrorKind.NOT_FOUND:
            return unknown(subject, _unchecked(error, "lambda:GetPolicy"))
        policy = "{}"
    allowed = allows_invoke(json.loads(policy), found.arn) if found.arn else None
    if allowed:
        return CheckResult(subject, CheckStatus.GOOD, f"the agent may invoke {name}")
    if allowed is None:
        return CheckResult(
            subject, CheckStatus.UNKNOWN, f"Whether the agent may invoke {name} depends on a condition in its policy."
        )
    return CheckResult(
        subject,
        CheckStatus.BROKEN,
        f"{name} does not exist, or its resource policy does not allow this agent to invoke it.",
        "Run `travel-tui provision` again if it built the agent. Else allow "
        f"{INVOKE} to {AGENTS} with `aws lambda add-permission`, with the agent's ARN as --source-arn.",
    )


def model(account: Account, found: AgentReport) -> CheckResult:
    """Check whether the account has access to the agent's model; only a turn shows whether the agent's role may use it.

    Calls GetFoundationModelAvailability, which is free and invokes no model. Raises AgentError.
    """
    subject = "model"
    if found.model is None:
        unchecked = hidden(found, "GetAgent", "GetAgentVersion", "GetAgentAlias")
        return (
            unknown(subject, unchecked)
            if unchecked
            else CheckResult(subject, CheckStatus.BROKEN, "The agent has no model.")
        )
    client = account.ask("", lambda: account.client("bedrock"))
    if not hasattr(client, "get_foundation_model_availability"):
        return CheckResult(
            subject, CheckStatus.UNKNOWN, f"{found.model}; this boto3 cannot check access to it.", "Upgrade boto3."
        )
    action = "GetInferenceProfile"
    try:
        model_id = _foundation_model(account, client, found.model)
        action = "GetFoundationModelAvailability"
        answer = account.ask(action, lambda: client.get_foundation_model_availability(modelId=model_id))
    except AgentError as error:
        if _local(account) and error.problem.cause is ErrorKind.UNKNOWN and isinstance(error.__cause__, ClientError):
            return CheckResult(subject, CheckStatus.GOOD, "not needed: the local endpoint is rule-based")
        return unknown(subject, _unchecked(error, f"bedrock:{action}"))
    states = {
        "authorizationStatus": answer["authorizationStatus"] == "AUTHORIZED",
        "entitlementAvailability": answer["entitlementAvailability"] == "AVAILABLE",
        "agreementAvailability": answer["agreementAvailability"]["status"] == "AVAILABLE",
    }
    if found.model.rpartition("/")[2] == model_id:  # a profile may use another Region
        states["regionAvailability"] = answer["regionAvailability"] == "AVAILABLE"
    missing = [name for name, there in states.items() if not there]
    if not missing:
        return CheckResult(subject, CheckStatus.GOOD, f"the account has access to {found.model}")
    return CheckResult(
        subject,
        CheckStatus.BROKEN,
        f"The account has no access to {found.model}: {', '.join(missing)}.",
        "Open the model in the Amazon Bedrock console's model catalog in this Region, and request access there.",
    )


def _foundation_model(account: Account, client: Any, model_id: str) -> str:
    """Return the foundation model's id for an id or ARN of a model or of an inference profile."""
    if ":application-inference-profile/" in model_id:
        profile = account.ask(
            "GetInferenceProfile", lambda: client.get_inference_profile(inferenceProfileIdentifier=model_id)
        )
        model_id = profile["models"][0]["modelArn"]
    return _PROFILE.sub("", model_id.rpartition("/")[2], count=1)


def _local(account: Account) -> bool:
    return is_loopback(account.endpoint_url or "")


def _unchecked(error: AgentError, action: str) -> Unchecked:
    """Return the unchecked property; errors that affect every call are raised again."""
    if error.problem.cause in (ErrorKind.CREDENTIALS, ErrorKind.UNREACHABLE, ErrorKind.STALLED):
        raise error
    answered = isinstance(error.__cause__, ClientError)
    return Unchecked(action, "", error.problem.why, denied=answered and error.problem.cause is ErrorKind.DENIED)
