"""The operations of dynamodb."""

from __future__ import annotations

from travel_tui.local.control.dynamodb import items, tables
from travel_tui.local.control.table import operations

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
)

STEPS = {
    "table_active": tables.table_active,
    "table_deleted": tables.table_deleted,
    "time_to_live_changed": tables.time_to_live_changed,
}
