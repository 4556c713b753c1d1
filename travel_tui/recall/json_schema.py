"""JSON in an answer, and the JSON Schemas that it is to conform to.

JSON is what RFC 8259 calls so: Python's own reader also takes NaN and Infinity. jsonschema is imported once a file has
a schema, since the import takes a tenth of a second.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from travel_tui.recall.patterns import PatternError, check_pattern, search
from travel_tui.recall.variables import filled, filled_pattern

if TYPE_CHECKING:
    from jsonschema import FormatChecker
    from jsonschema.protocols import Validator

FORMATS = ("date", "date-time", "email", "ipv4", "ipv6", "regex", "uuid")
"""Values of `format` that are checked."""
_LITERAL = frozenset({"const", "default", "enum", "examples"})
"""Keywords whose values are no schemas."""
_REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
_EXAMPLES: tuple[Any, ...] = ({}, [], "", 0, None)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
_MAX_DIGITS = 4_000
"""Digits up to which Python reads a whole number (its own limit is 4,300)."""


class SchemaError(Exception):
    """A schema cannot be used; the message says why."""


def is_json(text: str) -> bool:
    """Whether the whole text is JSON; what is nested too deep for Python counts as none."""
    return _parsed(text)[0]


def conforms(text: str, schema: str) -> bool:
    """Whether the whole text is JSON that conforms to a schema, itself JSON. Raises PatternTimeoutError."""
    from referencing.exceptions import Unresolvable

    there, value = _parsed(text)
    if not there:
        return False
    try:
        return bool(_validator(schema).is_valid(value))
    except (RecursionError, Unresolvable):
        return False


def check_schema(schema: Any) -> None:
    """Raise SchemaError if the schema cannot be used."""
    from jsonschema.exceptions import SchemaError as InvalidError
    from referencing.exceptions import Unresolvable

    try:
        draft: Any = _draft(schema)  # its protocol lacks format_checker
        draft.check_schema(schema, format_checker=_format_checker())
        keywords = list(_keywords(schema))
        for keyword, value in keywords:
            if keyword == "format" and value not in FORMATS:
                raise SchemaError(f"format {value!r} is not checked here, but {', '.join(FORMATS)}; or use pattern")
            if keyword == "pattern":
                _is_pattern(value)
            if keyword in _REFERENCES:
                _check_reference(schema, keyword, value, own_base=_has_inner_base(schema, keywords))
        for pattern in _property_patterns(schema):
            _check_property_pattern(pattern)
        validator = _validator(json.dumps(schema))
        for example in _EXAMPLES:
            validator.is_valid(example)
    except InvalidError as error:
        where = "/".join(map(str, error.absolute_path))
        raise SchemaError(f"{where or 'the schema'}: {error.message}") from error
    except PatternError as error:
        raise SchemaError(f"its pattern is not a usable regular expression: {error}") from error
    except Unresolvable as error:
        raise SchemaError(f"a reference to {error.ref!r} points to nothing") from error
    except RecursionError as error:
        raise SchemaError("it refers to itself without end") from error


def filled_schema(schema: str, values: Mapping[str, str]) -> str:
    """Fill in the variables of a schema's texts; in a pattern a value is escaped."""
    return json.dumps(_filled(json.loads(schema), values, "")) if "{{" in schema else schema


def texts_in(schema: Any) -> Iterator[str]:
    """Yield the texts in a schema that can use variables, names of members included."""
    if isinstance(schema, str):
        yield schema
    elif isinstance(schema, Mapping):
        for name, part in schema.items():
            yield name
            yield from texts_in(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from texts_in(part)


def _filled(part: Any, values: Mapping[str, str], key: str) -> Any:
    if isinstance(part, str):
        return (filled_pattern if key == "pattern" else filled)(part, values)
    if isinstance(part, dict):
        fill = filled_pattern if key == "patternProperties" else filled
        return {fill(name, values): _filled(each, values, name) for name, each in part.items()}
    return [_filled(each, values, "") for each in part] if isinstance(part, list) else part


def _parsed(text: str) -> tuple[bool, Any]:
    """Return whether the text is JSON, and its value."""
    try:
        return True, json.loads(text, parse_constant=_refuse_constant, parse_int=_whole_number)
    except (ValueError, RecursionError):
        return False, None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _whole_number(digits: str) -> float:
    return int(digits) if len(digits) <= _MAX_DIGITS else float(digits)


def _property_patterns(schema: Any) -> Iterator[str]:
    """Yield the patterns that are keys of `patternProperties`."""
    if isinstance(schema, dict):
        for keyword, value in schema.items():
            if keyword == "patternProperties" and isinstance(value, dict):
                yield from value
            if keyword not in _LITERAL:
                yield from _property_patterns(value)
    elif isinstance(schema, list):
        for part in schema:
            yield from _property_patterns(part)


def _check_property_pattern(pattern: str) -> None:
    """Raise SchemaError unless Python's `re` reads the pattern, since jsonschema searches names of members with it."""
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise SchemaError(f"patternProperties {pattern!r} is not a regular expression of Python's re") from error


def _has_inner_base(schema: Any, keywords: Sequence[tuple[str, str]]) -> bool:
    """Whether a part of the schema has an address of its own, from which the references in it start."""
    bases = sum(keyword in ("$id", "id") for keyword, _ in keywords)
    return bases > sum(keyword in schema for keyword in ("$id", "id"))


def _check_reference(schema: Any, keyword: str, reference: str, *, own_base: bool) -> None:
    """Raise SchemaError unless the reference points into the schema, and at a part of it unless `own_base`."""
    from referencing import Registry, Resource
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import DRAFT7

    if not reference.startswith("#"):
        raise SchemaError(f"{keyword} {reference!r} points out of the schema: write the schema there")
    if own_base:
        return
    resource = Resource.from_contents(schema, default_specification=DRAFT7)
    try:
        Registry().with_resource("", resource).resolver().lookup(reference)
    except (Unresolvable, ValueError) as error:  # ValueError: a part of a list that is no number
        raise SchemaError(f"{keyword} {reference!r} points to nothing") from error


def _draft(schema: Any) -> type[Validator]:
    """Return the validator of the schema's draft. Raises SchemaError if `$schema` names none."""
    import jsonschema
    from jsonschema import validators

    validator_for: Any = validators.validator_for  # its types lack a default of None
    if not isinstance(schema, Mapping) or "$schema" not in schema:
        return jsonschema.Draft7Validator
    name = schema["$schema"]
    try:
        found: type[Validator] | None = validator_for(schema, default=None) if isinstance(name, str) else None
    except ValueError:  # no address at all
        found = None
    if found is None:
        shown = json.dumps(name, ensure_ascii=False)
        raise SchemaError(
            f"its $schema is {shown}, which names no draft; such as https://json-schema.org/draft/2020-12/schema"
        )
    return found


def _format_checker() -> FormatChecker:
    import jsonschema

    checker = jsonschema.FormatChecker([name for name in FORMATS if name not in ("date-time", "regex")])
    checker.checks("date-time", raises=ValueError)(_is_date_time)
    checker.checks("regex", raises=PatternError)(_is_pattern)
    return checker


def _keywords(schema: Any) -> Iterator[tuple[str, str]]:
    """Yield all keywords that have a text as their value."""
    if isinstance(schema, dict):
        for keyword, value in schema.items():
            if isinstance(value, str):
                yield keyword, value
            elif keyword not in _LITERAL:
                yield from _keywords(value)
    elif isinstance(schema, list):
        for part in schema:
            yield from _keywords(part)


@lru_cache(maxsize=100)
def _validator(text: str) -> Validator:
    from jsonschema import validators
    from referencing.jsonschema import EMPTY_REGISTRY

    schema = json.loads(text)
    extend: Any = validators.extend  # has no types
    extended = extend(_draft(schema), {"pattern": _pattern})
    # An empty registry looks nothing up on the network.
    validator: Validator = extended(schema, registry=EMPTY_REGISTRY, format_checker=_format_checker())
    return validator


def _pattern(_: Any, pattern: str, instance: object, __: object) -> Iterator[Any]:
    """Check a text against a pattern within the time limit of recall's own regular expressions."""
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, str) and not search(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return bool(_DATE_TIME.fullmatch(value)) and bool(datetime.fromisoformat(value.upper()))


def _is_pattern(value: object) -> bool:
    """Whether a text is a regular expression here. Raises PatternError."""
    if isinstance(value, str):
        check_pattern(re.sub(r"\{\{[^{}]*\}\}", "x", value))
    return True
