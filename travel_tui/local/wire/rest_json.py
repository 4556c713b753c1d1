"""The rest-json protocol: method and path choose the operation; values are in path, query, headers and body."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from functools import cache
from typing import Any
from urllib.parse import unquote

from botocore.model import OperationModel, ServiceModel, StructureShape

from travel_tui.local.json_text import write_json
from travel_tui.local.unicode import well_formed
from travel_tui.local.wire import eventstream
from travel_tui.local.wire.call import EventStream, Params
from travel_tui.local.wire.errors import ServiceError, error_content, internal_failure, status_of
from travel_tui.local.wire.http import Request, Response
from travel_tui.local.wire.jsonvalue import decode, encode, members_at, read_object, text_of, value_of

log = logging.getLogger(__name__)

_LABEL = re.compile(r"\{(\w+)(\+?)\}")


def find(request: Request, model: ServiceModel) -> tuple[str, Mapping[str, str]] | None:
    """Return the operation of the request and its path labels as sent, last slash included."""
    query = set(request.query.split("&"))
    for method, path, needed, name in _routes(model):
        found = path.fullmatch(request.path) if method == request.method and needed <= query else None
        if found:
            return name, found.groupdict()
    return None


def parse(request: Request, operation: OperationModel, labels: Mapping[str, str]) -> Params:
    """Parse the operation's input. Values of the wrong type stay text, so that validation reports them."""
    shape = operation.input_shape
    if shape is None:
        return {}
    params: Params = {}
    query = request.query_values()
    for name, member in members_at(shape.members, "uri", "querystring", "header", "headers").items():
        place, wire_name = member.serialization["location"], member.serialization.get("name", name)
        if place == "uri":
            params[name] = value_of(member, unquote(labels[wire_name]))
        elif place == "querystring" and member.type_name == "map":
            params[name] = {key: values[0] for key, values in query.items()}
        elif place == "querystring" and wire_name in query:
            values = [value_of(getattr(member, "member", member), text) for text in query[wire_name]]
            params[name] = values if member.type_name == "list" else values[0]
        elif place == "header" and wire_name.lower() in request.headers:
            params[name] = value_of(member, request.headers[wire_name.lower()])
    return params | _read_body(shape, request.body)


def respond(operation: OperationModel, output: Mapping[str, Any], request_id: str) -> Response:
    """Return the response of an operation. An event-stream member of the output must be an EventStream."""
    headers = {"x-amzn-requestid": request_id, "content-type": "application/json"}
    shape = operation.output_shape
    status = int(operation.http.get("responseCode", 200))
    if shape is None:
        return Response(status, headers)
    for name, member in members_at(shape.members, "header", "statusCode").items():
        if output.get(name) is None:
            continue
        if member.serialization["location"] == "statusCode":
            status = int(output[name])
        else:
            headers[member.serialization.get("name", name).lower()] = text_of(member, output[name])
    union = operation.get_event_stream_output()
    if isinstance(union, StructureShape):
        stream: EventStream = output[str(shape.event_stream_name)]
        headers["content-type"] = "application/vnd.amazon.eventstream"
        frames = _frames(union, stream, operation.service_model)
        return Response(status, headers, frames, stream.abandoned)
    if status == 204:  # a 204 response has no body
        return Response(status, headers)
    payload = shape.serialization.get("payload")
    if payload and shape.members[payload].type_name in {"blob", "string"}:
        value = output.get(payload) or b""
        return Response(status, headers, well_formed(value).encode() if isinstance(value, str) else bytes(value))
    if payload:
        return Response(status, headers, write_json(encode(shape.members[payload], output.get(payload) or {})))
    body = {name: output[name] for name in members_at(shape.members, None) if name in output}
    return Response(status, headers, write_json(encode(shape, body)))


def fail(error: ServiceError, model: ServiceModel | None, request_id: str) -> Response:
    """Return the response of an operation that was rejected or failed."""
    headers = {
        "x-amzn-requestid": request_id,
        "x-amzn-errortype": error.code,
        "content-type": "application/json",
    }
    return Response(status_of(error.code, model), headers, write_json(error_content(error, model)))


@cache
def _routes(model: ServiceModel) -> list[tuple[str, re.Pattern[str], set[str], str]]:
    """Return every operation's method, path, fixed query and name; those with the most literal text first."""
    routes = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path, _, query = http["requestUri"].partition("?")
        pattern, literal, end = "", 0, 0
        for label in _LABEL.finditer(path):
            pattern += re.escape(path[end : label.start()]) + f"(?P<{label[1]}>{'.+' if label[2] else '[^/]+'})"
            literal += label.start() - end
            end = label.end()
        pattern += re.escape(path[end:])
        needed = set(query.split("&")) - {""}
        rank = (literal + len(path) - end, len(needed))
        routes.append((rank, http["method"], re.compile(pattern), needed, name))
    routes.sort(key=lambda route: route[0], reverse=True)
    return [route[1:] for route in routes]


def _read_body(shape: StructureShape, body: bytes) -> Params:
    payload = shape.serialization.get("payload")
    if payload and shape.members[payload].type_name in {"blob", "string"}:
        return {payload: body if shape.members[payload].type_name == "blob" else body.decode(errors="replace")}
    members = members_at(shape.members, None)
    if not body or not members:
        return {}
    content = read_object(body)
    if payload:
        return {payload: decode(shape.members[payload], content)}
    read = decode(shape, content)
    return {name: value for name, value in read.items() if name in members}


async def _frames(union: StructureShape, stream: EventStream, model: ServiceModel) -> AsyncGenerator[bytes, None]:
    try:
        async with aclosing(stream.events) as events:
            async for event in events:
                yield eventstream.event(event.kind, write_json(encode(union.members[event.kind], event.content)))
    except ServiceError as error:
        problem = error
    except Exception:
        log.exception("An event stream broke off.")
        problem = internal_failure()
    else:
        return
    kind = problem.code[0].lower() + problem.code[1:]
    yield eventstream.exception(kind, write_json(error_content(problem, model)))
