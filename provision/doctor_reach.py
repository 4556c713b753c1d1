"""What lies behind an agent: who asks for it, the Lambda functions it calls, and its model."""

from __future__ import annotations

import json
import re
from typing import Any

from botocore.exceptions import ClientError

from provision.connect import Account
from provision.doctor_agent import hidden, unknown
from provision.finding import Finding, Verdict
from provision.found import Found, Unchecked
from provision.invoke_policy import AGENTS, INVOKE, lets_invoke
from travel_tui.agent import AgentError, Cause
from travel_tui.bedrock.boto_clients import is_loopback

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
"""By botocore's name of the provider that has found them."""
_BUILT_IN = "TRAVELDEMO"
"""The agent that the local endpoint has from its start; there is no function to its name."""
_PROFILE = re.compile(r"(?:global|us-gov|[a-z]{2,4})\.(?=[a-z0-9-]+\.)")
"""What stands before a foundation model's id in the id of a cross-Region inference profile."""


def caller(account: Account) -> Finding:
    """Whose credentials they are. Raises AgentError."""
    try:
        who = account.ask("GetCallerIdentity", lambda: account.client("sts").get_caller_identity())
    except AgentError as error:
        return unknown("credentials", _unchecked(error, "sts:GetCallerIdentity"))
    kind = who["Arn"].rpartition(":")[2].split("/")
    name = "/".join(kind[:2])  # the name of an assumed role's session is often somebody's e-mail address
    keys = account.ask("", account.maker.session.get_credentials)
    source = _SOURCES.get(getattr(keys, "method", ""), "")
    source = "for the endpoint on this machine" if account.maker.isolated else source
    return Finding("credentials", Verdict.GOOD, f"{name} of account {who['Account']}{f', {source}' if source else ''}")


def functions(account: Account, found: Found) -> Finding:
    """Whether the agent may invoke its Lambda functions. Raises AgentError."""
    subject = "functions"
    if unchecked := hidden(found, "ListAgentActionGroups", "GetAgentActionGroup"):
        return unknown(subject, unchecked)
    if found.action_groups is None:
        return Finding(subject, Verdict.UNKNOWN, "Not known: the version behind the alias is not.")
    if not found.action_groups:
        return Finding(subject, Verdict.GOOD, "none: the agent has no action group")
    arns = list(dict.fromkeys(group.lambda_arn for group in found.action_groups if group.lambda_arn))
    if not arns:
        return Finding(subject, Verdict.GOOD, "no Lambda: its calls come back to the caller, or are AWS's own")
    looked = [_function(account, arn, found) for arn in arns]
    order = (Verdict.BROKEN, Verdict.UNKNOWN, Verdict.GOOD)
    return min(looked, key=lambda each: order.index(each.verdict))


def _function(account: Account, arn: str, found: Found) -> Finding:
    subject, name = "functions", arn.rsplit(":function:", maxsplit=1)[-1]
    try:
        policy = account.ask("GetPolicy", lambda: account.client("lambda").get_policy(FunctionName=arn))["Policy"]
    except AgentError as error:
        if found.agent_id == _BUILT_IN and _local(account):
            return Finding(subject, Verdict.GOOD, "built into the endpoint on this machine")
        if error.trouble.cause is not Cause.NOT_FOUND:
            return unknown(subject, _unchecked(error, "lambda:GetPolicy"))
        policy = "{}"
    allowed = lets_invoke(json.loads(policy), found.arn) if found.arn else None
    if allowed:
        return Finding(subject, Verdict.GOOD, f"the agent may invoke {name}")
    if allowed is None:
        return Finding(
            subject, Verdict.UNKNOWN, f"Whether the agent may invoke {name} hangs on a condition of its policy."
        )
    return Finding(
        subject,
        Verdict.BROKEN,
        f"{name} is not there, or its resource policy does not let this agent invoke it.",
        "Run `travel-tui provision` again if it built the agent. Else allow "
        f"{INVOKE} to {AGENTS} with `aws lambda add-permission`, with the agent's ARN as --source-arn.",
    )


def model(account: Account, found: Found) -> Finding:
    """Whether the account has access to the agent's model; whether its role may use it only a turn shows.

    Asks GetFoundationModelAvailability, which costs nothing and calls no model. Raises AgentError.
    """
    subject = "model"
    if found.model is None:
        unchecked = hidden(found, "GetAgent", "GetAgentVersion", "GetAgentAlias")
        return unknown(subject, unchecked) if unchecked else Finding(subject, Verdict.BROKEN, "The agent has none.")
    client = account.ask("", lambda: account.client("bedrock"))
    if not hasattr(client, "get_foundation_model_availability"):
        return Finding(
            subject, Verdict.UNKNOWN, f"{found.model}; this boto3 cannot ask for access to it.", "Upgrade boto3."
        )
    action = "GetInferenceProfile"
    try:
        model_id = _foundation_model(account, client, found.model)
        action = "GetFoundationModelAvailability"
        answer = account.ask(action, lambda: client.get_foundation_model_availability(modelId=model_id))
    except AgentError as error:
        if _local(account) and error.trouble.cause is Cause.UNKNOWN and isinstance(error.__cause__, ClientError):
            return Finding(subject, Verdict.GOOD, "the endpoint on this machine needs none: it answers by rules")
        return unknown(subject, _unchecked(error, f"bedrock:{action}"))
    states = {
        "authorizationStatus": answer["authorizationStatus"] == "AUTHORIZED",
        "entitlementAvailability": answer["entitlementAvailability"] == "AVAILABLE",
        "agreementAvailability": answer["agreementAvailability"]["status"] == "AVAILABLE",
    }
    if found.model.rpartition("/")[2] == model_id:  # a profile may lead to another Region
        states["regionAvailability"] = answer["regionAvailability"] == "AVAILABLE"
    missing = [name for name, there in states.items() if not there]
    if not missing:
        return Finding(subject, Verdict.GOOD, f"the account has access to {found.model}")
    return Finding(
        subject,
        Verdict.BROKEN,
        f"The account has no access to {found.model}: {', '.join(missing)}.",
        "Open the model in the Amazon Bedrock console's model catalog in this Region, and ask for access there.",
    )


def _foundation_model(account: Account, client: Any, model_id: str) -> str:
    """The id of the foundation model that an id or ARN of a model or of an inference profile means."""
    if ":application-inference-profile/" in model_id:
        profile = account.ask(
            "GetInferenceProfile", lambda: client.get_inference_profile(inferenceProfileIdentifier=model_id)
        )
        model_id = profile["models"][0]["modelArn"]
    return _PROFILE.sub("", model_id.rpartition("/")[2], count=1)


def _local(account: Account) -> bool:
    return is_loopback(account.endpoint_url or "")


def _unchecked(error: AgentError, action: str) -> Unchecked:
    """What stays unknown; what meets every call alike is raised again."""
    if error.trouble.cause in (Cause.CREDENTIALS, Cause.UNREACHABLE, Cause.STALLED):
        raise error
    answered = isinstance(error.__cause__, ClientError)
    return Unchecked(action, "", error.trouble.why, denied=answered and error.trouble.cause is Cause.DENIED)
