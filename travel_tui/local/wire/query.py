"""The query protocol: a form names the operation and its input; outputs and errors are XML.

Maps are not supported, since no supported operation has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape

from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError, status_of
from travel_tui.local.wire.http import Request, Response
from travel_tui.local.wire.jsonvalue import value_of, write_timestamp

_CODES = {
    "ValidationException": "ValidationError",
    "InternalServerException": "InternalFailure",
    "UnknownOperationException": "InvalidAction",
    "AccessDeniedException": "AccessDenied",
}
"""This protocol's codes for common errors."""
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow, escaped or not (its production Char)."""
_STATUS = {"InvalidAction": 400, "AccessDenied": 403, "InternalFailure": 500}


def find(request: Request, model: ServiceModel) -> tuple[str, Mapping[str, str]] | None:
    """Return the operation that the form names, if it is one of this version of the service."""
    form = _form(request)
    name = form.get("Action", "")
    if form.get("Version") != model.metadata["apiVersion"] or name not in model.operation_names:
        return None
    return name, {}


def parse(request: Request, operation: OperationModel, _labels: Mapping[str, str]) -> Params:
    """Parse the operation's input. Values of the wrong type stay text, so that validation reports them.

    Raises MalformedInput for a field of a list or a structure that is no part of it, such as Tags.member.x.
    """
    shape = operation.input_shape
    if not isinstance(shape, StructureShape):
        return {}
    form, used = _form(request), set[str]()
    found: Params | None = _read(shape, form, "", used)
    known = {member.serialization.get("name", name) for name, member in shape.members.items()}
    for field in form:
        if field not in used and field.partition(".")[0] in known:
            raise ServiceError("MalformedInput", f"The field {field} is no part of {field.partition('.')[0]}.")
    return found or {}


def respond(operation: OperationModel, output: Mapping[str, Any], request_id: str) -> Response:
    """Return the response of an operation."""
    shape = operation.output_shape
    content = ""
    if shape is not None:
        wrapper = shape.serialization.get("resultWrapper", f"{operation.name}Result")
        content = _element(wrapper, "".join(_write(shape, output)))
    content += _element("ResponseMetadata", _element("RequestId", request_id))
    return _response(200, f"{operation.name}Response", content, operation.service_model, request_id)


def fail(error: ServiceError, model: ServiceModel | None, request_id: str) -> Response:
    """Return the response of an operation that was rejected or failed."""
    code = _CODES.get(error.code, error.code)
    status = _STATUS.get(code) or status_of(code, model)
    content = _element("Type", "Sender" if status < 500 else "Receiver")
    content += _element("Code", code) + _element("Message", _text(error.message))
    content = _element("Error", content) + _element("RequestId", request_id)
    return _response(status, "ErrorResponse", content, model, request_id)


def _form(request: Request) -> dict[str, str]:
    pairs = parse_qsl(request.body.decode(errors="replace") or request.query, keep_blank_values=True)
    return dict(pairs)


def _read(shape: Shape, form: Mapping[str, str], prefix: str, used: set[str]) -> Any:
    """Read the value from the fields whose names start with `prefix`; None if there are none. Adds them to `used`."""
    if isinstance(shape, StructureShape):
        found = {}
        for name, member in shape.members.items():
            wire_name = member.serialization.get("name", name)
            value = _read(member, form, f"{prefix}.{wire_name}" if prefix else wire_name, used)
            if value is not None:
                found[name] = value
        return found or None
    if isinstance(shape, ListShape):
        items: list[Any] = []
        inner = prefix if shape.serialization.get("flattened") else f"{prefix}.member"
        while (item := _read(shape.member, form, f"{inner}.{len(items) + 1}", used)) is not None:
            items.append(item)
        if not items and form.get(prefix) == "":  # how an empty list is written
            used.add(prefix)
            return items
        return items or None
    if prefix not in form:
        return None
    used.add(prefix)
    return value_of(shape, form[prefix])


def _write(shape: Shape, value: Any) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield _element(member.serialization.get("name", name), "".join(_write(member, value[name])))
    elif isinstance(shape, ListShape):
        for item in value:
            yield _element("member", "".join(_write(shape.member, item)))
    elif shape.type_name == "timestamp":
        yield str(write_timestamp(value, "iso8601"))
    elif isinstance(value, bool):
        yield "true" if value else "false"
    else:
        yield _text(str(value))


def _text(text: str) -> str:
    """Escape a text for XML, in which some characters cannot be written at all."""
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text), {"\r": "&#13;"})


def _element(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


def _response(status: int, root: str, content: str, model: ServiceModel | None, request_id: str) -> Response:
    namespace = model.metadata.get("xmlNamespace", "") if model else ""
    body = f'<{root} xmlns="{namespace}">{content}</{root}>'
    return Response(status, {"x-amzn-requestid": request_id, "content-type": "text/xml"}, body.encode())
