"""Operations on Lambda functions."""

from __future__ import annotations

from typing import Any

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.runtime.function_runtime import KIND
from travel_tui.local.services.iam.roles import can_assume
from travel_tui.local.services.lambda_.code import described, invalid_parameter_error, read_zip
from travel_tui.local.services.lambda_.records import (
    LATEST,
    changed,
    check_revision,
    check_settled,
    configuration,
    function_of,
    name_of,
    save,
)
from travel_tui.local.services.names import function_arn
from travel_tui.local.services.pages import page
from travel_tui.local.state.resources import Document
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_TIMEOUT, _MEMORY = 3, 128
"""Lambda's default timeout in seconds and memory in MB."""
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
_GONE = frozenset({"python2.7", "python3.6", "python3.7"})
"""Runtimes that no function can be created with any more (Lambda developer guide, deprecated runtimes)."""
_RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)
"""Variables that Lambda sets itself (Lambda developer guide, defined runtime environment variables)."""
_UNLISTED = _SETTLED.keys()
"""Members that ListFunctions omits (Lambda API reference)."""


def create_function(endpoint: RegionalEndpoint, params: Params) -> Params:
    """CreateFunction: from a zip file."""
    name = name_of(params)
    if "Runtime" not in params or "Handler" not in params:
        raise invalid_parameter_error(
            "Runtime and Handler are mandatory parameters for functions created with deployment packages."
        )
    _check_runtime(params)
    _check_environment(params)
    if endpoint.control.resources.get(KIND, name):
        raise ServiceError("ResourceConflictException", f"Function already exist: {name}")
    arn = function_arn(endpoint.scope, name)
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
    _schedule_completion(endpoint, function, endpoint.settings.durations.function_pending)
    return configuration(function)


def get_function(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetFunction: without a download location for the code, which is not stored in S3."""
    function = function_of(endpoint, params)
    return {
        "Configuration": configuration(function),
        "Code": {"RepositoryType": "S3"},
        "Tags": function["tags"] or None,
    }


def get_function_configuration(endpoint: RegionalEndpoint, params: Params) -> Params:
    """GetFunctionConfiguration."""
    return configuration(function_of(endpoint, params))


def list_functions(endpoint: RegionalEndpoint, params: Params) -> Params:
    """ListFunctions."""
    size, token = params.get("MaxItems", _PAGE), params.get("Marker")
    functions = endpoint.control.resources.all(KIND)
    found, more = page(
        functions, lambda each: each["FunctionName"], min(size, _PAGE), token, "InvalidParameterValueException"
    )
    listed = [{k: v for k, v in configuration(each).items() if k not in _UNLISTED} for each in found]
    return {"Functions": listed, "NextMarker": more}


def update_function_code(endpoint: RegionalEndpoint, params: Params) -> Params:
    """UpdateFunctionCode: from a zip file."""
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
    _schedule_completion(endpoint, function, endpoint.settings.durations.function_updating)
    return configuration(function)


def update_function_configuration(endpoint: RegionalEndpoint, params: Params) -> Params:
    """UpdateFunctionConfiguration."""
    function = function_of(endpoint, params)
    check_revision(function, params)
    check_settled(function)
    _check_runtime(params)
    _check_environment(params)
    if "Role" in params:
        _check_role(endpoint, params["Role"], function["FunctionArn"])
    changes = {key: params[key] for key in _CHANGEABLE if key in params}
    function = changed(endpoint, function, changes | _UPDATING)
    _schedule_completion(endpoint, function, endpoint.settings.durations.function_updating)
    return configuration(function)


def delete_function(endpoint: RegionalEndpoint, params: Params) -> Params:
    """DeleteFunction: its log group remains, as on AWS."""
    function = function_of(endpoint, params)
    endpoint.control.resources.delete(KIND, function["FunctionName"])
    endpoint.control.functions.drop(function["sha256"])
    return {"StatusCode": 204}


def complete_change(endpoint: RegionalEndpoint, name: str, born: str) -> None:
    """Complete a change, unless a function of the same name was created since."""
    function = endpoint.control.resources.get(KIND, name)
    if function and function["born"] == born:
        save(endpoint, function | _SETTLED)


def _schedule_completion(endpoint: RegionalEndpoint, function: Document, seconds: float) -> None:
    endpoint.schedule(seconds, "lambda", "settled", function["FunctionName"], function["born"])


def _check_runtime(params: Params) -> None:
    runtime = params.get("Runtime", "python")
    if runtime in _GONE:
        raise invalid_parameter_error(
            f"The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda functions. "
            "We recommend you use a supported runtime while creating or updating functions."
        )
    if not runtime.startswith("python"):
        raise invalid_parameter_error(
            f"The local endpoint runs Python functions alone, with its own Python; {runtime} is none."
        )


def _check_environment(params: Params) -> None:
    reserved = [name for name in params.get("Environment", {}).get("Variables", {}) if name in _RESERVED]
    if reserved:
        raise invalid_parameter_error(
            "Lambda was unable to configure your environment variables because the environment variables you have "
            "provided contains reserved keys that are currently not supported for modification. Reserved keys used in "
            f"this request: {', '.join(reserved)}"
        )


def _check_role(endpoint: RegionalEndpoint, role_arn: str, arn: str) -> None:
    if not can_assume(endpoint, role_arn, "lambda.amazonaws.com", arn):
        raise invalid_parameter_error("The role defined for the function cannot be assumed by Lambda.")
