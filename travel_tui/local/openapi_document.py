"""An OpenAPI document as it is read: JSON or YAML, and the references in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
OPERATION_ID = re.compile(r"[0-9a-zA-Z_-]+")
_MAX_REFERENCES = 20
"""Maximum length of a chain of references."""


class SchemaError(ValueError):
    """The schema cannot be used; the message gives the reason."""


def read_document(payload: str) -> dict[str, Any]:
    """Return the document in a text. Raises SchemaError."""
    document: Any
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        import yaml

        try:
            document = yaml.safe_load(payload)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise SchemaError("It is neither JSON nor YAML.") from error
    if not isinstance(document, dict):
        raise SchemaError("It is not an object.")
    return document


def shown(value: Any) -> str:
    """Return a value as JSON. A list or an object is only named: YAML's aliases can make a small one endless."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return json.dumps(value, default=str, ensure_ascii=False)[:200]


def resolved(document: Mapping[str, Any], value: Any, what: str) -> dict[str, Any]:
    """Return a part of the document, behind its references into the document itself. Raises SchemaError."""
    for _ in range(_MAX_REFERENCES):
        if not isinstance(value, dict):
            break
        if "$ref" not in value:
            return value
        value = _target(document, value["$ref"])
    raise SchemaError(f"{what[:1].upper()}{what[1:]} is not an object.")


def _target(document: Mapping[str, Any], reference: Any) -> Any:
    if not isinstance(reference, str) or not reference.startswith("#/"):
        raise SchemaError(f"The reference {shown(reference)} does not point into the schema.")
    value: Any = document
    for part in reference[2:].split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(value, dict) or key not in value:
            raise SchemaError(f"The reference {shown(reference)} points at nothing.")
        value = value[key]
    return value
