"""The operations of iam."""

from __future__ import annotations

from travel_tui.local.control.iam import permissions, policies, roles
from travel_tui.local.control.table import operations

OPERATIONS = operations(
    roles.create_role,
    roles.get_role,
    roles.list_roles,
    roles.update_role,
    roles.update_assume_role_policy,
    roles.delete_role,
    roles.tag_role,
    roles.untag_role,
    roles.list_role_tags,
    roles.list_instance_profiles_for_role,
    policies.create_policy,
    policies.get_policy,
    policies.list_policies,
    policies.delete_policy,
    policies.create_policy_version,
    policies.get_policy_version,
    policies.list_policy_versions,
    policies.set_default_policy_version,
    policies.delete_policy_version,
    policies.tag_policy,
    policies.untag_policy,
    policies.list_policy_tags,
    policies.list_entities_for_policy,
    permissions.attach_role_policy,
    permissions.detach_role_policy,
    permissions.list_attached_role_policies,
    permissions.put_role_policy,
    permissions.get_role_policy,
    permissions.delete_role_policy,
    permissions.list_role_policies,
)
