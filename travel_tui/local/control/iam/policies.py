"""IAM's managed policies: the account's own, with their versions, and those of AWS."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from travel_tui.local.control import policy
from travel_tui.local.control.iam import managed, roles
from travel_tui.local.control.names import iam_arn, short_id
from travel_tui.local.control.pages import page
from travel_tui.local.control.table import shown
from travel_tui.local.control.tags import merged, without
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.moments import to_text
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_KIND = "policy"
_MOST_VERSIONS = 5
_ARN = re.compile(r"arn:aws:iam::(\d{12}|aws):policy/[\w+=,.@/-]+")
_AWS_DATE = "2015-04-09T15:03:43.000000+00:00"
"""When the policies of AWS's are said to be made; they differ, and nobody reads it."""


def create_policy(endpoint: Endpoint, params: Params) -> Params:
    """CreatePolicy."""
    name, path = params["PolicyName"], params.get("Path", "/")
    if any(known["PolicyName"].lower() == name.lower() for known in endpoint.control.resources.all(_KIND)):
        raise ServiceError(
            "EntityAlreadyExists", f"A policy called {name} already exists. Duplicate names are not allowed."
        )
    policy.read(params["PolicyDocument"], trust=False)
    now = to_text(endpoint.clock.now())
    made: Document = {
        "PolicyName": name,
        "PolicyId": "ANPA" + short_id(endpoint.ids, 17),
        "Arn": iam_arn(f"policy{path}{name}"),
        "Path": path,
        "DefaultVersionId": "v1",
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "Description": params.get("Description"),
        "CreateDate": now,
        "UpdateDate": now,
        "Tags": merged([], params.get("Tags", [])),
        "versions": {"v1": {"Document": params["PolicyDocument"], "CreateDate": now}},
        "last": 1,
    }
    _save(endpoint, made)
    return {"Policy": _shown(endpoint, made, "Description")}


def get_policy(endpoint: Endpoint, params: Params) -> Params:
    """GetPolicy."""
    return {"Policy": _shown(endpoint, policy_at(endpoint, params["PolicyArn"]))}


def list_policies(endpoint: Endpoint, params: Params) -> Params:
    """ListPolicies."""
    own, scope = endpoint.control.resources.all(_KIND), params.get("Scope", "All")
    aws = [_aws_policy(arn) for arn in managed.ARNS]
    known = (own if scope != "AWS" else []) + (aws if scope != "Local" else [])
    prefix, attached = params.get("PathPrefix", "/"), params.get("OnlyAttached", False)
    policies = [
        _shown(endpoint, each, "Description", "Tags")
        for each in known
        if each["Path"].startswith(prefix) and (not attached or _attached_to(endpoint, each["Arn"]))
    ]
    size, token = params.get("MaxItems", roles.PAGE), params.get("Marker")
    found, more = page(policies, lambda each: each["Arn"], size, token)
    return {"Policies": found, "IsTruncated": more is not None, "Marker": more}


def delete_policy(endpoint: Endpoint, params: Params) -> None:
    """DeletePolicy."""
    found = _own(endpoint, params["PolicyArn"])
    if _attached_to(endpoint, found["Arn"]):
        raise ServiceError("DeleteConflict", "Cannot delete a policy attached to entities.")
    if len(found["versions"]) > 1:
        raise ServiceError(
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            "The default version is deleted with the policy.",
        )
    endpoint.control.resources.delete(_KIND, found["Arn"])


def create_policy_version(endpoint: Endpoint, params: Params) -> Params:
    """CreatePolicyVersion."""
    found = _own(endpoint, params["PolicyArn"])
    policy.read(params["PolicyDocument"], trust=False)
    if len(found["versions"]) >= _MOST_VERSIONS:
        raise ServiceError(
            "LimitExceeded",
            f"A managed policy can have up to {_MOST_VERSIONS} versions. Before you create a new version, you must "
            "delete an existing version.",
        )
    now = to_text(endpoint.clock.now())
    found["last"] += 1
    version = f"v{found['last']}"
    found["versions"][version] = {"Document": params["PolicyDocument"], "CreateDate": now}
    if params.get("SetAsDefault"):
        found["DefaultVersionId"] = version
    _save(endpoint, found | {"UpdateDate": now})
    return {"PolicyVersion": _version(found, version, with_document=False)}


def get_policy_version(endpoint: Endpoint, params: Params) -> Params:
    """GetPolicyVersion."""
    return {"PolicyVersion": _version(policy_at(endpoint, params["PolicyArn"]), params["VersionId"])}


def list_policy_versions(endpoint: Endpoint, params: Params) -> Params:
    """ListPolicyVersions: all at once; a policy has at most five."""
    found = policy_at(endpoint, params["PolicyArn"])
    versions = [_version(found, each, with_document=False) for each in reversed(found["versions"])]
    return {"Versions": versions, "IsTruncated": False}


def set_default_policy_version(endpoint: Endpoint, params: Params) -> None:
    """SetDefaultPolicyVersion."""
    found, version = _own(endpoint, params["PolicyArn"]), params["VersionId"]
    _version(found, version)
    _save(endpoint, found | {"DefaultVersionId": version, "UpdateDate": to_text(endpoint.clock.now())})


def delete_policy_version(endpoint: Endpoint, params: Params) -> None:
    """DeletePolicyVersion."""
    found, version = _own(endpoint, params["PolicyArn"]), params["VersionId"]
    _version(found, version)
    if version == found["DefaultVersionId"]:
        raise ServiceError("DeleteConflict", "Cannot delete the default version of a policy.")
    del found["versions"][version]
    _save(endpoint, found)


def tag_policy(endpoint: Endpoint, params: Params) -> None:
    """TagPolicy."""
    found = _own(endpoint, params["PolicyArn"])
    _save(endpoint, found | {"Tags": merged(found["Tags"], params["Tags"])})


def untag_policy(endpoint: Endpoint, params: Params) -> None:
    """UntagPolicy."""
    found = _own(endpoint, params["PolicyArn"])
    _save(endpoint, found | {"Tags": without(found["Tags"], params["TagKeys"])})


def list_policy_tags(endpoint: Endpoint, params: Params) -> Params:
    """ListPolicyTags: all at once; a policy has at most 50."""
    return {"Tags": policy_at(endpoint, params["PolicyArn"])["Tags"], "IsTruncated": False}


def list_entities_for_policy(endpoint: Endpoint, params: Params) -> Params:
    """ListEntitiesForPolicy: roles, because there are no users and groups here."""
    found = policy_at(endpoint, params["PolicyArn"])
    prefix, wanted = params.get("PathPrefix", "/"), params.get("EntityFilter", "Role") == "Role"
    holders = [role for role in _attached_to(endpoint, found["Arn"]) if wanted and role["Path"].startswith(prefix)]
    size, token = params.get("MaxItems", roles.PAGE), params.get("Marker")
    shown_roles, more = page(holders, lambda role: role["RoleName"], size, token)
    listed = [{"RoleName": role["RoleName"], "RoleId": role["RoleId"]} for role in shown_roles]
    return {
        "PolicyGroups": [],
        "PolicyUsers": [],
        "PolicyRoles": listed,
        "IsTruncated": more is not None,
        "Marker": more,
    }


def policy_at(endpoint: Endpoint, arn: str) -> Document:
    """A policy by its ARN; raises InvalidInput where it is no such ARN and NoSuchEntity where it names none."""
    if not _ARN.fullmatch(arn):
        raise ServiceError("InvalidInput", f"ARN {arn} is not valid.")
    found = _aws_policy(arn) if arn in managed.ARNS else endpoint.control.resources.get(_KIND, arn)
    if found is None:
        raise ServiceError("NoSuchEntity", f"Policy {arn} was not found.")
    return found


def _own(endpoint: Endpoint, arn: str) -> Document:
    """A policy that can be changed."""
    if arn in managed.ARNS:
        raise ServiceError("InvalidInput", f"Cannot change the AWS managed policy {arn}.")
    return policy_at(endpoint, arn)


def _attached_to(endpoint: Endpoint, arn: str) -> list[Document]:
    return [role for role in endpoint.control.resources.all(roles.KIND) if arn in role["attached"]]


def _save(endpoint: Endpoint, document: Document) -> None:
    endpoint.control.resources.put(_KIND, document["Arn"], document)


def _aws_policy(arn: str) -> Document:
    path, _, name = arn.removeprefix("arn:aws:iam::aws:policy").rpartition("/")
    document = managed.DOCUMENTS.get(arn)
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
        "versions": {"v1": {"Document": document, "CreateDate": _AWS_DATE}} if document else {},
    }


def _shown(endpoint: Endpoint, document: Document, *left_out: str) -> dict[str, Any]:
    found = shown("iam", "Policy", document | {"Tags": document["Tags"] or None})
    found["AttachmentCount"] = len(_attached_to(endpoint, document["Arn"]))
    return {name: value for name, value in found.items() if name not in left_out}


def _version(document: Document, version: str, *, with_document: bool = True) -> dict[str, Any]:
    kept = document["versions"].get(version)
    if kept is None:
        raise ServiceError(
            "NoSuchEntity", f"Policy {document['Arn']} version {version} does not exist or is not attachable."
        )
    found = kept | {"VersionId": version, "IsDefaultVersion": version == document["DefaultVersionId"]}
    found["Document"] = quote(kept["Document"], safe="") if with_document else None
    return shown("iam", "PolicyVersion", found)
