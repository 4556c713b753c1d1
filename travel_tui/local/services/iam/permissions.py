"""Operations on an IAM role's permissions: attached and inline policies."""

from __future__ import annotations

from urllib.parse import quote

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime import policy
from travel_tui.local.services.iam.policies import policy_at
from travel_tui.local.services.iam.roles import PAGE, role_named, save
from travel_tui.local.services.pages import page
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_MAX_ATTACHED = 10
"""Maximum policies attached to a role; IAM's default quota."""


def attach_role_policy(endpoint: RegionalEndpoint, params: Params) -> None:
    """AttachRolePolicy: attaching a policy again changes nothing."""
    role, arn = role_named(endpoint, params["RoleName"]), params["PolicyArn"]
    try:
        policy_at(endpoint, arn)
    except ServiceError as error:
        if error.code != "NoSuchEntity":
            raise
        raise ServiceError("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.") from None
    if arn in role["attached"]:
        return
    if len(role["attached"]) >= _MAX_ATTACHED:
        raise ServiceError("LimitExceeded", f"Cannot exceed quota for PoliciesPerRole: {_MAX_ATTACHED}")
    save(endpoint, role | {"attached": [*role["attached"], arn]})


def detach_role_policy(endpoint: RegionalEndpoint, params: Params) -> None:
    """DetachRolePolicy."""
    role, arn = role_named(endpoint, params["RoleName"]), params["PolicyArn"]
    if arn not in role["attached"]:
        raise ServiceError("NoSuchEntity", f"Policy {arn} was not found.")
    save(endpoint, role | {"attached": [each for each in role["attached"] if each != arn]})


def list_attached_role_policies(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListAttachedRolePolicies."""
    role = role_named(endpoint, params["RoleName"])
    prefix = params.get("PathPrefix", "/")
    attached = [arn for arn in role["attached"] if arn.partition(":policy")[2].startswith(prefix)]
    size, token = params.get("MaxItems", PAGE), params.get("Marker")
    found, more = page(attached, str, size, token)
    listed = [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in found]
    return {"AttachedPolicies": listed, "IsTruncated": more is not None, "Marker": more}


def put_role_policy(endpoint: RegionalEndpoint, params: Params) -> None:
    """PutRolePolicy."""
    role = role_named(endpoint, params["RoleName"])
    policy.read(params["PolicyDocument"], trust=False)
    save(endpoint, role | {"inline": role["inline"] | {params["PolicyName"]: params["PolicyDocument"]}})


def get_role_policy(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetRolePolicy."""
    role, name = role_named(endpoint, params["RoleName"]), params["PolicyName"]
    if name not in role["inline"]:
        raise _missing(name)
    return {"RoleName": role["RoleName"], "PolicyName": name, "PolicyDocument": quote(role["inline"][name], safe="")}


def delete_role_policy(endpoint: RegionalEndpoint, params: Params) -> None:
    """DeleteRolePolicy."""
    role, name = role_named(endpoint, params["RoleName"]), params["PolicyName"]
    if role["inline"].pop(name, None) is None:
        raise _missing(name)
    save(endpoint, role)


def list_role_policies(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListRolePolicies."""
    role = role_named(endpoint, params["RoleName"])
    size, token = params.get("MaxItems", PAGE), params.get("Marker")
    found, more = page(role["inline"], str, size, token)
    return {"PolicyNames": found, "IsTruncated": more is not None, "Marker": more}


def _missing(name: str) -> ServiceError:
    return ServiceError("NoSuchEntity", f"The role policy with name {name} cannot be found.")
