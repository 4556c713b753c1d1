"""Operation table of lambda."""

from __future__ import annotations

from travel_tui.local.endpoint import Step
from travel_tui.local.services.lambda_ import functions, permissions
from travel_tui.local.services.lambda_.invoke import invoke
from travel_tui.local.services.operation_table import operations

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
    permissions.tag_resource,
    permissions.untag_resource,
) | {"Invoke": invoke}

STEPS: dict[str, Step] = {"settled": functions.complete_change}
