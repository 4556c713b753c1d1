"""Operations on IAM roles, their trust policies and their tags."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime import policy
from travel_tui.local.services.names import iam_arn, short_id
from travel_tui.local.services.operation_table import to_output
from travel_tui.local.services.pages import page
from travel_tui.local.services.tags import merged, without
from travel_tui.local.state.resources import Document
from travel_tui.local.state.timestamps import to_text
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

KIND = "role"
PAGE = 100
"""Default page size of IAM (IAM API reference, MaxItems)."""
_SESSION = 3600


def create_role(endpoint: RegionalEndpoint, params: Params) -> Params:
    """CreateRole."""
    name, path = params["RoleName"], params.get("Path", "/")
    if any(role["RoleName"].lower() == name.lower() for role in endpoint.control.account_resources.all(KIND)):
        raise ServiceError("EntityAlreadyExists", f"Role with name {name} already exists.")
    policy.read(params["AssumeRolePolicyDocument"], trust=True)
    role: Document = {
        "Path": path,
        "RoleName": name,
        "RoleId": "AROA" + short_id(endpoint.ids, 17),
        "Arn": iam_arn(endpoint.scope, f"role{path}{name}"),
        "CreateDate": to_text(endpoint.clock.now()),
        "AssumeRolePolicyDocument": params["AssumeRolePolicyDocument"],
        "Description": params.get("Description"),
        "MaxSessionDuration": params.get("MaxSessionDuration", _SESSION),
        "Tags": merged([], params.get("Tags", [])),
        "assumable_s": endpoint.clock.seconds() + endpoint.settings.durations.role_propagation,
        "attached": [],
        "inline": {},
    }
    save(endpoint, role)
    return {"Role": _shown(role)}


def get_role(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetRole."""
    return {"Role": _shown(role_named(endpoint, params["RoleName"])) | {"RoleLastUsed": {}}}


def list_roles(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListRoles: without their tags, as on AWS."""
    prefix = params.get("PathPrefix", "/")
    roles = [role for role in endpoint.control.account_resources.all(KIND) if role["Path"].startswith(prefix)]
    found, more = page(roles, lambda role: role["RoleName"], params.get("MaxItems", PAGE), params.get("Marker"))
    listed = [{name: value for name, value in _shown(role).items() if name != "Tags"} for role in found]
    return {"Roles": listed, "IsTruncated": more is not None, "Marker": more}


def update_assume_role_policy(endpoint: RegionalEndpoint, params: Params) -> None:
    """UpdateAssumeRolePolicy."""
    role = role_named(endpoint, params["RoleName"])
    policy.read(params["PolicyDocument"], trust=True)
    save(endpoint, role | {"AssumeRolePolicyDocument": params["PolicyDocument"]})


def delete_role(endpoint: RegionalEndpoint, params: Params) -> None:
    """DeleteRole."""
    role = role_named(endpoint, params["RoleName"])
    if role["attached"]:
        raise ServiceError("DeleteConflict", "Cannot delete entity, must detach all policies first.")
    if role["inline"]:
        raise ServiceError("DeleteConflict", "Cannot delete entity, must delete policies first.")
    endpoint.control.account_resources.delete(KIND, role["RoleName"])


def tag_role(endpoint: RegionalEndpoint, params: Params) -> None:
    """TagRole."""
    role = role_named(endpoint, params["RoleName"])
    save(endpoint, role | {"Tags": merged(role["Tags"], params["Tags"])})


def untag_role(endpoint: RegionalEndpoint, params: Params) -> None:
    """UntagRole."""
    role = role_named(endpoint, params["RoleName"])
    save(endpoint, role | {"Tags": without(role["Tags"], params["TagKeys"])})


def list_role_tags(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListRoleTags."""
    tags = role_named(endpoint, params["RoleName"])["Tags"]
    found, more = page(tags, lambda tag: tag["Key"], params.get("MaxItems", PAGE), params.get("Marker"))
    return {"Tags": found, "IsTruncated": more is not None, "Marker": more}


def role_named(endpoint: RegionalEndpoint, name: str) -> Document:
    """Return a role. Raises NoSuchEntity if there is none."""
    role = endpoint.control.account_resources.get(KIND, name)
    if role is None:
        raise ServiceError("NoSuchEntity", f"The role with name {name} cannot be found.")
    return role


def save(endpoint: RegionalEndpoint, role: Document) -> None:
    """Save a role."""
    endpoint.control.account_resources.put(KIND, role["RoleName"], role)


def can_assume(endpoint: RegionalEndpoint, role_arn: str, service: str, source_arn: str) -> bool:
    """Whether a service can assume a role now, for the resource `source_arn`."""
    role = endpoint.control.account_resources.get(KIND, role_arn.rpartition("/")[2])
    if role is None or role["Arn"] != role_arn or role["assumable_s"] > endpoint.clock.seconds():
        return False
    trust = policy.read(role["AssumeRolePolicyDocument"], trust=True)
    context = {"aws:sourceaccount": endpoint.scope.account, "aws:sourcearn": source_arn}
    return policy.allows(trust, service, "sts:AssumeRole", context)


def _shown(role: Document) -> dict[str, Any]:
    """Convert a role to IAM's output: the policy document is percent-encoded (RFC 3986)."""
    role = {**role, "Tags": role["Tags"] or None}
    return to_output(
        "iam", "Role", role | {"AssumeRolePolicyDocument": quote(role["AssumeRolePolicyDocument"], safe="")}
    )
