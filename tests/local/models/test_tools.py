"""Functions as tools, and calls back: whatever a model writes, only what is declared comes out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel_tui.local.models.chat import ChatCall
from travel_tui.local.models.tools import InvalidCallError, call_again, named_tools, read_call, tools_of
from travel_tui.local.scripted_agent.messages import CompletedCall, Function, FunctionParameter

TYPES = ("string", "integer", "number", "boolean", "array")
BOOK = Function("book", tuple(FunctionParameter(kind, kind, required=False) for kind in TYPES), "books", "trips")
NEEDS = Function("needs", (FunctionParameter("what"),), "", "trips")
FUNCTIONS = named_tools((BOOK, NEEDS))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.sampled_from(["book", "needs", "trips::book", "trips__needs", "", "other"]) | st.text(),
    st.text()
    | st.dictionaries(st.sampled_from([*TYPES, "what", "x"]), VALUES).map(json.dumps)
    | VALUES.map(json.dumps),
)
def test_whatever_is_called_is_declared_or_refused(name: str, arguments: str) -> None:
    try:
        call = read_call(ChatCall("1", name, arguments), FUNCTIONS)
    except InvalidCallError:
        return
    declared = {parameter.name: parameter for parameter in call.function.parameters}
    assert call.function in (BOOK, NEEDS)
    assert set(call.parameters) <= set(declared)
    assert all(isinstance(value, str) for value in call.parameters.values())
    assert call.function != NEEDS or call.parameters["what"]
    again = call_again("1", CompletedCall(call.function.name, call.parameters, ""), FUNCTIONS)
    assert read_call(again, FUNCTIONS).parameters == call.parameters


@pytest.mark.parametrize(
    ("given_value", "kind", "fits"),
    [
        ("3", "integer", True), (3, "integer", True), (3.5, "integer", False), ("3.5", "number", True),
        ("yes", "boolean", False), ("true", "boolean", True), (True, "integer", False), (7, "string", True),
        (["a"], "array", True), ("[]", "array", False), ({"a": 1}, "string", False),
    ],
)  # fmt: skip
def test_types_are_those_of_the_schema_and_numbers_may_be_quoted(given_value: Any, kind: str, fits: bool) -> None:
    call = ChatCall("1", "book", json.dumps({kind: given_value}))
    if fits:
        assert kind in read_call(call, FUNCTIONS).parameters
    else:
        with pytest.raises(InvalidCallError, match=f"{kind} must be of type {kind}"):
            read_call(call, FUNCTIONS)


def test_names_are_unique_and_fit_what_models_take() -> None:
    named = named_tools(
        (Function("f", action_group="one"), Function("f", action_group="two"), Function("ä" * 90), Function("ö" * 90))
    )
    assert list(named)[:2] == ["one__f", "two__f"]
    assert len(named) == 4
    assert all(len(name) <= 64 and name.isascii() for name in named)
    assert [tool.name for tool in tools_of(named)] == list(named)
    with pytest.raises(InvalidCallError, match="no function 'f'"):
        read_call(ChatCall("1", "f", "{}"), named)
