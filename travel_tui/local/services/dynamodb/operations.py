"""Operation table of dynamodb."""

from __future__ import annotations

from travel_tui.local.endpoint import Step
from travel_tui.local.services.dynamodb import items, queries, tables
from travel_tui.local.services.operation_table import operations

OPERATIONS = operations(
    tables.create_table,
    tables.describe_table,
    tables.list_tables,
    tables.update_table,
    tables.delete_table,
    tables.update_time_to_live,
    tables.describe_time_to_live,
    tables.list_tags_of_resource,
    tables.tag_resource,
    tables.untag_resource,
    items.put_item,
    items.get_item,
    items.update_item,
    items.delete_item,
    queries.query,
    prepare=items.normalised,
)

STEPS: dict[str, Step] = {
    "table_active": tables.table_active,
    "table_deleted": tables.table_deleted,
    "time_to_live_changed": tables.time_to_live_changed,
}
