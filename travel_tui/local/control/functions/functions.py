"""Lambda functions: their life."""

from __future__ import annotations

from typing import Any

from travel_tui.local.control.functions.code import described, read_zip, refused
from travel_tui.local.control.functions.records import (
    LATEST,
    changed,
    check_revision,
    check_settled,
    configuration,
    function_of,
    name_of,
    save,
)
from travel_tui.local.control.functions.runtime import KIND
from travel_tui.local.control.iam.roles import can_assume
from travel_tui.local.control.names import function_arn
from travel_tui.local.control.pages import page
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_TIMEOUT, _MEMORY = 3, 128
"""Lambda's defaults, in seconds and MB."""
_PAGE = 50
_CREATING = {
    "State": "Pending",
    "StateReason": "The function is being created.",
    "StateReasonCode": "Creating",
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": "The function is being created.",
}
_UPDATING = {"LastUpdateStatus": "InProgress", "LastUpdateStatusReason": "The function is being created."}
_SETTLED = {
    "State": "Active",
    "StateReason": None,
    "StateReasonCode": None,
    "LastUpdateStatus": "Successful",
    "LastUpdateStatusReason": None,
    "LastUpdateStatusReasonCode": None,
}
_CHANGEABLE = ("Role", "Handler", "Description", "Timeout", "MemorySize", "Runtime", "Environment")
_UNLISTED = _SETTLED.keys()
"""What ListFunctions leaves out (Lambda API reference)."""


def create_function(endpoint: Endpoint, params: Params) -> Params:
    """CreateFunction from a zip file."""
    name = name_of(params)
    if params.get("PackageType", "Zip") != "Zip":
        raise refused("The local endpoint runs zip files alone, not images.")
    if "Runtime" not in params or "Handler" not in params:
        raise refused("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
    _check_runtime(params)
    if endpoint.control.resources.get(KIND, name):
        raise ServiceError("ResourceConflictException", f"Function already exist: {name}")
    arn = function_arn(endpoint.settings.region, name)
    _check_role(endpoint, params["Role"], arn)
    content = read_zip(params["Code"])
    code = described(content)
    endpoint.control.functions.code.put(code["sha256"], content)
    function: Document = {
        "FunctionName": name,
        "FunctionArn": arn,
        "Description": "",
        "Timeout": _TIMEOUT,
        "MemorySize": _MEMORY,
        "Version": LATEST,
        "TracingConfig": {"Mode": "PassThrough"},
        "PackageType": "Zip",
        "Architectures": params.get("Architectures", ["x86_64"]),
        "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
        "tags": params.get("Tags", {}),
        "statements": [],
        "born": endpoint.ids.uuid(),
        **{key: params[key] for key in _CHANGEABLE if key in params},
        **code,
        **_CREATING,
    }
    function = changed(endpoint, function, {})
    _settle(endpoint, function, endpoint.settings.durations.function_pending)
    return configuration(function)


def get_function(endpoint: Endpoint, params: Params) -> Params:
    """GetFunction; without the place to download the code from, which is kept in no S3."""
    function = function_of(endpoint, params)
    return {
        "Configuration": configuration(function),
        "Code": {"RepositoryType": "S3"},
        "Tags": function["tags"] or None,
    }


def get_function_configuration(endpoint: Endpoint, params: Params) -> Params:
    """GetFunctionConfiguration."""
    return configuration(function_of(endpoint, params))


def list_functions(endpoint: Endpoint, params: Params) -> Params:
    """ListFunctions."""
    size, token = params.get("MaxItems", _PAGE), params.get("Marker")
    functions = endpoint.control.resources.all(KIND)
    found, more = page(
        functions, lambda each: each["FunctionName"], min(size, _PAGE), token, "InvalidParameterValueException"
    )
    listed = [{k: v for k, v in configuration(each).items() if k not in _UNLISTED} for each in found]
    return {"Functions": listed, "NextMarker": more}


def update_function_code(endpoint: Endpoint, params: Params) -> Params:
    """UpdateFunctionCode from a zip file."""
    function = function_of(endpoint, params)
    check_revision(function, params)
    check_settled(function)
    content = read_zip(params)
    code, old = described(content), function["sha256"]
    if params.get("DryRun"):
        return configuration(function | code)
    endpoint.control.functions.code.put(code["sha256"], content)
    changes: dict[str, Any] = {**code, **_UPDATING}
    if "Architectures" in params:
        changes["Architectures"] = params["Architectures"]
    function = changed(endpoint, function, changes)
    endpoint.control.functions.drop(old)
    _settle(endpoint, function, endpoint.settings.durations.function_updating)
    return configuration(function)


def update_function_configuration(endpoint: Endpoint, params: Params) -> Params:
    """UpdateFunctionConfiguration."""
    function = function_of(endpoint, params)
    check_revision(function, params)
    check_settled(function)
    _check_runtime(params)
    if "Role" in params:
        _check_role(endpoint, params["Role"], function["FunctionArn"])
    changes = {key: params[key] for key in _CHANGEABLE if key in params}
    function = changed(endpoint, function, changes | _UPDATING)
    _settle(endpoint, function, endpoint.settings.durations.function_updating)
    return configuration(function)


def delete_function(endpoint: Endpoint, params: Params) -> Params:
    """DeleteFunction. Its log group stays, as on AWS."""
    function = function_of(endpoint, params)
    endpoint.control.resources.delete(KIND, function["FunctionName"])
    endpoint.control.functions.drop(function["sha256"])
    return {"StatusCode": 204}


def settled(endpoint: Endpoint, name: str, born: str) -> None:
    """The step at the end of a change; not for a function of the same name that was made since."""
    function = endpoint.control.resources.get(KIND, name)
    if function and function["born"] == born:
        save(endpoint, function | _SETTLED)


def _settle(endpoint: Endpoint, function: Document, seconds: float) -> None:
    endpoint.control.lifecycle.after(seconds, "lambda", "settled", function["FunctionName"], function["born"])


def _check_runtime(params: Params) -> None:
    runtime = params.get("Runtime", "python")
    if not runtime.startswith("python"):
        raise refused(f"The local endpoint runs Python functions alone, with its own Python; {runtime} is none.")


def _check_role(endpoint: Endpoint, role_arn: str, arn: str) -> None:
    if not can_assume(endpoint, role_arn, "lambda.amazonaws.com", arn):
        raise refused("The role defined for the function cannot be assumed by Lambda.")
