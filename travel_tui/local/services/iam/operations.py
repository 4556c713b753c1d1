"""Operation table of iam."""

from __future__ import annotations

from travel_tui.local.services.iam import permissions, policies, roles
from travel_tui.local.services.operation_table import operations

OPERATIONS = operations(
    roles.create_role,
    roles.get_role,
    roles.list_roles,
    roles.update_assume_role_policy,
    roles.delete_role,
    roles.tag_role,
    roles.untag_role,
    roles.list_role_tags,
    policies.create_policy,
    policies.get_policy,
    policies.delete_policy,
    permissions.attach_role_policy,
    permissions.detach_role_policy,
    permissions.list_attached_role_policies,
    permissions.put_role_policy,
    permissions.get_role_policy,
    permissions.delete_role_policy,
    permissions.list_role_policies,
)
