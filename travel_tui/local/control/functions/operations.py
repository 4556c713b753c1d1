"""The operations of lambda."""

from __future__ import annotations

from travel_tui.local.control.functions import functions, permissions
from travel_tui.local.control.functions.invoke import invoke
from travel_tui.local.control.table import operations

OPERATIONS = operations(
    functions.create_function,
    functions.get_function,
    functions.get_function_configuration,
    functions.list_functions,
    functions.update_function_code,
    functions.update_function_configuration,
    functions.delete_function,
    permissions.add_permission,
    permissions.remove_permission,
    permissions.get_policy,
    permissions.list_tags,
    permissions.tag_resource,
    permissions.untag_resource,
) | {"Invoke": invoke}

STEPS = {"settled": functions.settled}
