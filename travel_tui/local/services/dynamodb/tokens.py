"""Tokens of DynamoDB expressions, and resolution of their placeholders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from travel_tui.local.services.dynamodb.paths import Path
from travel_tui.local.services.dynamodb.values import Value, invalid

_TOKEN = re.compile(r"\s*(?:(<>|<=|>=|[=<>(),.\[\]+-])|([#:]?[A-Za-z_][\w-]*|[#:]\w+)|(\d+)|(\S))")
_WORDS = """
abort action add after all alter analyze and any array as asc at attribute attributes backup base batch before begin
between binary body both bucket by bytes call capacity case char check clear close cluster collection column columns
comment commit condition connection constraint contains convert copy count create cross current cursor data database
date datetime day days decimal declare default delete depth desc describe dictionary disable distinct distribute
domain double drop duration dynamic each element else empty enable end equal error escape event exec execute exists
exit explain export fail false fetch field file filter finish first flush for force format found from full function
general get global go grant greater group hash having header hold host hour identified if image import in increment
index initial inner input insert instance int integer into invalid is item items iterate job join key keys label
language large last latency leave left length less level like limit line link list load local location lock log long
loop lower map match max member message method min minute missing mode modify module month name names namespace
national new next no node none not null number object of offline offset old on online open operation operator option
or order other out outer output over owner parameter parameters partition password path percent permission
permissions pipe plan point policy position precision prefix previous primary private procedure processed project
projection property provider public query queue range rank rate read real record recursive reference region relative
release remove rename replace request reset resource result results return right role roles route row rows rule scan
schema scope search second section segment select self send sequence server session set sets share signal similar
size snapshot some source sort space split sql start state statement static statistics status storage stored stream
string style sub sum sync system table temp template temporary text then time timeout timestamp timezone to today
token total trace transaction transform trigger trim true truncate ttl type unique unit unknown unlock until update
upper url usage use user users using uuid value values variable version view views virtual wait when where while
window with within without work wrapped write year zone
"""
_RESERVED = frozenset(_WORDS.split())
"""Most of the reserved words, which cannot be used as attribute names (DynamoDB developer guide, ReservedWords)."""

_MAX_BYTES = 4096
_MAX_OPERATORS = 300
"""Limits of an expression (DynamoDB quotas)."""
_OPERATORS = frozenset(["=", "<>", "<", "<=", ">", ">=", "+", "-", "and", "or", "not", "between", "in"])


class Names:
    """The placeholders of a request; unused ones are rejected after parsing."""

    def __init__(self, names: Mapping[str, str] | None, values: Mapping[str, Value] | None) -> None:
        self._names = dict(names or {})
        self._values = dict(values or {})
        self._used: set[str] = set()

    def name(self, placeholder: str, kind: str) -> str:
        """Return the attribute name for a #name placeholder."""
        self._used.add(placeholder)
        if placeholder not in self._names:
            raise invalid(
                f"Invalid {kind}: An expression attribute name used in the document path is not defined; "
                f"attribute name: {placeholder}"
            )
        return self._names[placeholder]

    def value(self, placeholder: str, kind: str) -> Value:
        """Return the value for a :value placeholder."""
        self._used.add(placeholder)
        if placeholder not in self._values:
            raise invalid(
                f"Invalid {kind}: An expression attribute value used in expression is not defined; "
                f"attribute value: {placeholder}"
            )
        return self._values[placeholder]

    def check_all_used(self) -> None:
        """Reject placeholders that no expression uses."""
        for what, known in (("Names", self._names.keys()), ("Values", self._values.keys())):
            unused = sorted(known - self._used)
            if unused:
                raise invalid(
                    f"Value provided in ExpressionAttribute{what} unused in expressions: keys: {{{', '.join(unused)}}}"
                )


class Tokens:
    """A tokenized expression. `kind` is the name of its parameter, such as ConditionExpression."""

    def __init__(self, text: str, kind: str, names: Names) -> None:
        self.kind = kind
        self.names = names
        self._words = [next(group for group in match.groups() if group) for match in _TOKEN.finditer(text)]
        self._at = 0
        self.paths: list[Path] = []
        if not self._words:
            raise invalid(f"Invalid {kind}: The expression can not be empty;")
        if (size := len(text.encode())) > _MAX_BYTES:
            raise invalid(
                f"Invalid {kind}: Expression size has exceeded the maximum allowed size; expression size: {size}"
            )
        operators = sum(word.lower() in _OPERATORS for word in self._words)
        if operators > _MAX_OPERATORS:
            raise invalid(f"Invalid {kind}: The expression contains too many operators; operator count: {operators}")

        if _has_double_parentheses(self._words):
            raise invalid(f"Invalid {kind}: The expression has redundant parentheses;")

    def peek(self) -> str:
        """Return the next token without consuming it; "" at the end."""
        return self._words[self._at] if self._at < len(self._words) else ""

    def take(self, *wanted: str) -> str | None:
        """Consume the next token if it is one of these, and return it in lower case; otherwise return None."""
        word = self.peek().lower()
        if word in wanted and word:
            self._at += 1
            return word
        return None

    def expect(self, *wanted: str) -> str:
        """Consume the next token, which must be one of these."""
        word = self.take(*wanted)
        if word is None:
            raise self.syntax_error()
        return word

    def is_call(self) -> bool:
        """Whether the next token is the name of a function call."""
        following = self._words[self._at + 1] if self._at + 1 < len(self._words) else ""
        return self.peek()[:1].isalpha() and following == "("

    def word(self) -> str:
        """Consume the next token, whatever it is."""
        word = self.peek()
        self._at += 1
        return word

    def path(self) -> Path:
        """Parse a document path."""
        parts: list[str | int] = [self._name()]
        while mark := self.take(".", "["):
            if mark == ".":
                parts.append(self._name())
                continue
            if not self.peek().isdecimal():
                raise self.syntax_error()
            parts.append(int(self.word()))
            self.expect("]")
        self.paths.append(tuple(parts))
        return self.paths[-1]

    def end(self) -> None:
        """Reject tokens after the end of the expression."""
        if self.peek():
            raise self.syntax_error()

    def syntax_error(self) -> Exception:
        """Return the error for a token that is not allowed at its position."""
        near = " ".join(self._words[max(0, self._at - 1) : self._at + 2])
        return invalid(f'Invalid {self.kind}: Syntax error; token: "{self.peek() or "<EOF>"}", near: "{near}"')

    def _name(self) -> str:
        word = self.peek()
        if word.startswith("#"):
            return self.names.name(self.word(), self.kind)
        if not (word[:1].isalpha() or word[:1] == "_"):
            raise self.syntax_error()
        if word.lower() in _RESERVED:
            raise invalid(f"Invalid {self.kind}: Attribute name is a reserved keyword; reserved keyword: {word}")
        return self.word()


def _has_double_parentheses(words: Sequence[str]) -> bool:
    """Whether there is nothing but a pair of parentheses between two others, as in ((a = :b))."""
    opened: list[int] = []
    last = (0, 0)
    for at, word in enumerate(words):
        if word == "(":
            opened.append(at)
        elif word == ")" and opened:
            start = opened.pop()
            if last == (start + 1, at - 1):
                return True
            last = (start, at)
    return False
