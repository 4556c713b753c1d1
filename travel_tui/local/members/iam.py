"""Optional members of iam's operations."""

from __future__ import annotations

from travel_tui.local.members.member import Members, effective, refused, stored

_LIST = effective("Marker", "MaxItems")
_LABEL = "it is a label"

MEMBERS: dict[str, Members] = {
    "CreateRole": {
        **effective("Path", "Tags"),
        **stored(_LABEL, "Description"),
        **stored("nobody assumes a role: there is no AssumeRole", "MaxSessionDuration"),
        **refused("evaluates no permissions", "PermissionsBoundary"),
    },
    "ListRoles": {**effective("PathPrefix"), **_LIST},
    "ListRoleTags": _LIST,
    "CreatePolicy": {**effective("Path", "Tags"), **stored(_LABEL, "Description")},
    "ListAttachedRolePolicies": {**effective("PathPrefix"), **_LIST},
    "ListRolePolicies": _LIST,
}

REASONS: dict[str, str] = {
    "AttachRolePolicy": "the roles of the reference notebook and of AWS's samples",
    "CreatePolicy": "the roles of the reference notebook",
    "DeletePolicy": "the clean-up of the reference notebook",
    "DetachRolePolicy": "the clean-up of the reference notebook and of AWS's samples",
    "GetPolicy": "to see whether a policy is attached",
    "ListAttachedRolePolicies": "to find what keeps a role from being deleted",
    "ListRolePolicies": "to find what keeps a role from being deleted",
    "ListRoles": "to see what is there",
    "UntagRole": "to undo TagRole",
}
