"""Optional members of lambda's operations."""

from __future__ import annotations

from travel_tui.local.members.member import Member, Members, effective, refused, stored, without_effect

_NO_VERSIONS = "keeps no versions of functions (PublishVersion)"
_ZIP = "takes code as a zip file alone"
_ELSEWHERE = "has no other ways to run code than its own Python"

_CONFIGURATION: dict[str, Member] = {
    **effective("Environment.Variables", "Handler", "MemorySize", "Runtime", "Timeout"),
    **stored("it is a label", "Description"),
    **refused("has no layers; put the files into the zip file", "Layers"),
    **refused("has no networks", "VpcConfig", accepted=({"SubnetIds": [], "SecurityGroupIds": []},)),
    **refused("has no file systems", "FileSystemConfigs"),
    **refused("has no queues for failed calls", "DeadLetterConfig"),
    **refused("has no keys", "KMSKeyArn"),
    **refused("traces no functions", "TracingConfig", accepted=({"Mode": "PassThrough"},)),
    **refused("gives functions the disk of this machine", "EphemeralStorage", accepted=({"Size": 512},)),
    **refused("keeps no snapshots", "SnapStart", accepted=({"ApplyOn": "None"},)),
    **refused("keeps text in the log group of the function's name", "LoggingConfig", accepted=({"LogFormat": "Text"},)),
    **refused("runs no images", "ImageConfig"),
    **refused(_ELSEWHERE, "AcceleratorConfig", "CapacityProviderConfig", "DurableConfig", "RuntimeConfig"),
}
_CODE = ("S3Bucket", "S3Key", "S3ObjectVersion", "S3ObjectStorageMode", "SourceKMSKeyArn")
_QUALIFIER = effective("Qualifier")

MEMBERS: dict[str, Members] = {
    "CreateFunction": {
        **effective("Code.ZipFile", "Tags"),
        **_CONFIGURATION,
        **stored("code runs on this machine's processor", "Architectures"),
        **refused(_ZIP, "Code.ImageUri", *(f"Code.{name}" for name in _CODE)),
        **refused("runs no images", "PackageType", accepted=("Zip",)),
        **refused(_NO_VERSIONS, "Publish", "PublishTo"),
        **refused("checks no signatures of code", "CodeSigningConfigArn"),
        **refused(_ELSEWHERE, "TenancyConfig"),
    },
    "GetFunction": _QUALIFIER,
    "GetFunctionConfiguration": _QUALIFIER,
    "ListFunctions": {
        **effective("Marker", "MaxItems"),
        **without_effect("functions have no versions", "FunctionVersion"),
        **without_effect("functions have no replicas", "MasterRegion"),
    },
    "UpdateFunctionCode": {
        **effective("DryRun", "RevisionId", "ZipFile"),
        **stored("code runs on this machine's processor", "Architectures"),
        **refused(_ZIP, "ImageUri", *_CODE),
        **refused(_NO_VERSIONS, "Publish", "PublishTo"),
    },
    "UpdateFunctionConfiguration": {**effective("RevisionId", "Role"), **_CONFIGURATION},
    "DeleteFunction": _QUALIFIER,
    "AddPermission": {
        **effective("RevisionId", "SourceAccount", "SourceArn"),
        **_QUALIFIER,
        **refused("has no function URLs", "FunctionUrlAuthType", "InvokedViaFunctionUrl"),
        **refused("has no Alexa skills", "EventSourceToken"),
        **refused("has no organisations", "PrincipalOrgID"),
    },
    "RemovePermission": {**effective("RevisionId"), **_QUALIFIER},
    "GetPolicy": _QUALIFIER,
    "Invoke": {
        **effective("InvocationType", "LogType", "Payload"),
        **_QUALIFIER,
        **refused("has no mobile clients", "ClientContext"),
        **refused(_ELSEWHERE, "DurableExecutionName", "TenantId"),
    },
}

REASONS: dict[str, str] = {
    "GetFunctionConfiguration": "boto3's waiters function_active and function_updated",
    "ListFunctions": "to see what is there",
    "UntagResource": "to undo TagResource",
}
