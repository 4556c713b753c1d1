"""Operations on managed policies: the account's own and AWS's."""

from __future__ import annotations

import re
from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime import policy
from travel_tui.local.services.iam import managed, roles
from travel_tui.local.services.names import iam_arn, short_id
from travel_tui.local.services.operation_table import to_output
from travel_tui.local.services.tags import merged
from travel_tui.local.state.resources import Document
from travel_tui.local.state.timestamps import to_text
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_KIND = "policy"
_ARN = re.compile(r"arn:aws:iam::(\d{12}|aws):policy/[\w+=,.@/-]+")
_AWS_DATE = "2015-04-09T15:03:43.000000+00:00"
"""Creation date reported for all AWS managed policies; the real dates differ, but no client depends on them."""


def create_policy(endpoint: RegionalEndpoint, params: Params) -> Params:
    """CreatePolicy."""
    name, path = params["PolicyName"], params.get("Path", "/")
    if any(known["PolicyName"].lower() == name.lower() for known in endpoint.control.account_resources.all(_KIND)):
        raise ServiceError(
            "EntityAlreadyExists", f"A policy called {name} already exists. Duplicate names are not allowed."
        )
    policy.read(params["PolicyDocument"], trust=False)
    now = to_text(endpoint.clock.now())
    made: Document = {
        "PolicyName": name,
        "PolicyId": "ANPA" + short_id(endpoint.ids, 17),
        "Arn": iam_arn(endpoint.scope, f"policy{path}{name}"),
        "Path": path,
        "DefaultVersionId": "v1",
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "Description": params.get("Description"),
        "CreateDate": now,
        "UpdateDate": now,
        "Tags": merged([], params.get("Tags", [])),
        "Document": params["PolicyDocument"],
    }
    endpoint.control.account_resources.put(_KIND, made["Arn"], made)
    return {"Policy": _shown(endpoint, made, "Description")}


def get_policy(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetPolicy."""
    return {"Policy": _shown(endpoint, policy_at(endpoint, params["PolicyArn"]))}


def delete_policy(endpoint: RegionalEndpoint, params: Params) -> None:
    """DeletePolicy."""
    found = _own(endpoint, params["PolicyArn"])
    if _attached_to(endpoint, found["Arn"]):
        raise ServiceError("DeleteConflict", "Cannot delete a policy attached to entities.")
    endpoint.control.account_resources.delete(_KIND, found["Arn"])


def policy_at(endpoint: RegionalEndpoint, arn: str) -> Document:
    """Return a policy by its ARN. Raises InvalidInput for a malformed ARN and NoSuchEntity for an unknown one."""
    if not _ARN.fullmatch(arn):
        raise ServiceError("InvalidInput", f"ARN {arn} is not valid.")
    found = _aws_policy(arn) if arn in managed.ARNS else endpoint.control.account_resources.get(_KIND, arn)
    if found is None:
        raise ServiceError("NoSuchEntity", f"Policy {arn} was not found.")
    return found


def _own(endpoint: RegionalEndpoint, arn: str) -> Document:
    """Return a customer managed policy, which can be changed."""
    if arn in managed.ARNS:
        raise ServiceError("InvalidInput", f"Cannot change the AWS managed policy {arn}.")
    return policy_at(endpoint, arn)


def _attached_to(endpoint: RegionalEndpoint, arn: str) -> list[Document]:
    return [role for role in endpoint.control.account_resources.all(roles.KIND) if arn in role["attached"]]


def _aws_policy(arn: str) -> Document:
    path, _, name = arn.removeprefix("arn:aws:iam::aws:policy").rpartition("/")
    return {
        "PolicyName": name,
        "PolicyId": "ANPA" + "".join(c for c in name.upper() if c.isalnum()).ljust(17, "X")[:17],
        "Arn": arn,
        "Path": f"{path}/",
        "DefaultVersionId": "v1",
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "CreateDate": _AWS_DATE,
        "UpdateDate": _AWS_DATE,
        "Tags": [],
    }


def _shown(endpoint: RegionalEndpoint, document: Document, *left_out: str) -> dict[str, Any]:
    found = to_output("iam", "Policy", document | {"Tags": document["Tags"] or None})
    found["AttachmentCount"] = len(_attached_to(endpoint, document["Arn"]))
    return {name: value for name, value in found.items() if name not in left_out}
