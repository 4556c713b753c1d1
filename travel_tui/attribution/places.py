"""Sentences and clauses of a text, by its tokens."""

from __future__ import annotations

from collections.abc import Sequence

from travel_tui.attribution.tokens import Token
from travel_tui.attribution.words import lexicon, word_set

_ABBREVIATIONS = word_set("abbreviations")
_CLAUSE_MARKS = frozenset(',;:()[]{}–—•·|→✓*"“”„«»')
_CLAUSE_WORDS = word_set("conjunctions")


class Places:
    """Sentence and clause of each token."""

    def __init__(self, found: Sequence[Token], text: str, language: str) -> None:
        self.sentence_of: list[int] = []
        self.clause_of: list[int] = []
        self.first: list[bool] = []
        """Whether a token is the first word of its sentence or line."""
        self.sentences: list[tuple[int, int]] = []
        self.clauses: list[tuple[int, int]] = []
        start = clause_start = 0
        fresh = True
        count = len(found)
        for at, token in enumerate(found):
            after = found[at + 1] if at + 1 < count else None
            if (
                token.kind == "word"
                and token.low in _CLAUSE_WORDS
                and not fresh
                and (
                    token.low not in ("i", "en", "da", "o", "e", "y", "as", "si", "no", "mas")
                    or language != "en"
                    or token.low == "as"
                )
            ):
                self._close_clause(clause_start, token.start)
                clause_start = token.start
            self.sentence_of.append(len(self.sentences))
            self.clause_of.append(len(self.clauses))
            self.first.append(fresh and token.kind in ("word", "code"))
            if token.kind != "mark":
                fresh = False
            if token.kind == "mark" and self._ends_sentence(token, found[at - 1] if at else None, after):
                end = token.end if token.text[0] != "\n" else token.start
                self._close_clause(clause_start, end)
                self.sentences.append((start, end))
                start = clause_start = token.end
                fresh = True
            elif token.kind == "mark" and token.text in _CLAUSE_MARKS:
                self._close_clause(clause_start, token.start)
                clause_start = token.end
                if token.text in ':"“”„{[(•*→>=':
                    fresh = True
        self._close_clause(clause_start, len(text))
        self.sentences.append((start, len(text)))

    def _close_clause(self, start: int, end: int) -> None:
        self.clauses.append((start, max(start, end)))

    @staticmethod
    def _ends_sentence(token: Token, before: Token | None, after: Token | None) -> bool:
        if token.kind != "mark":
            return False
        if token.text[0] in "\n<>":
            return True
        if token.text in "!?…。！？}":
            return after is None or after.text not in "!?…)"
        if token.text != ".":
            return False
        if after is None:
            return True
        if after.start == token.end and after.text[:1] not in "\"'”»)":
            return after.kind == "cjk"
        if (
            before is not None
            and before.kind == "word"
            and before.low in _ABBREVIATIONS
            and before.low not in ("m", "a", "p")
        ):
            return False
        is_ordinal = before is not None and before.kind == "number" and before.end == token.start
        return not (is_ordinal and after.kind == "word" and lexicon().calendar.get(after.low, "").startswith("m"))
