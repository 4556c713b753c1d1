"""Operation table of bedrock-agent."""

from __future__ import annotations

from travel_tui.local.endpoint import Step
from travel_tui.local.services.bedrock_agent import action_groups, agents, aliases, tags, versions
from travel_tui.local.services.operation_table import operations

OPERATIONS = operations(
    agents.create_agent,
    agents.get_agent,
    agents.list_agents,
    agents.update_agent,
    agents.prepare_agent,
    agents.delete_agent,
    action_groups.create_agent_action_group,
    action_groups.get_agent_action_group,
    action_groups.list_agent_action_groups,
    action_groups.update_agent_action_group,
    action_groups.delete_agent_action_group,
    aliases.create_agent_alias,
    aliases.get_agent_alias,
    aliases.list_agent_aliases,
    aliases.update_agent_alias,
    aliases.delete_agent_alias,
    versions.get_agent_version,
    versions.list_agent_versions,
    versions.delete_agent_version,
    tags.list_tags_for_resource,
    tags.tag_resource,
    tags.untag_resource,
)

STEPS: dict[str, Step] = {
    function.__name__: function
    for function in (
        agents.agent_changed,
        agents.agent_prepared,
        agents.agent_deleted,
        aliases.alias_routed,
        aliases.alias_deleted,
        versions.version_deleted,
    )
}
