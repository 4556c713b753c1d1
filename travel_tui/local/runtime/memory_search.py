"""Search in the records of a memory: always the best `limit` records, as a vector search returns them.

A record's score is the share of the query's rare words that it has, weighted by how rare they are in its namespaces.
Words in more than 1 % of the records only break ties; records that share nothing with the query come last, newest
first, with a score near 0. The same query on the same records has the same result.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from travel_tui.local.state.memory_records import MemoryRecords, RecordScope, StoredRecord
from travel_tui.local.state.word_index import index_words, related_words

_COMMON_SHARE = 0.01
_NEVER_COMMON = 20
"""Records that a word may be in without being common, however small their share."""
_CANDIDATES = 150
"""Records with the best scores, or of a common word, among which ties are broken."""
_MAX_WORDS = 60
"""Words of a query that count."""
_MAX_FILTERED = 5_000
"""Records that are looked through for more that a filter accepts."""
_RELATED = 0.4
"""Weight of a word of near meaning, relative to the query's own."""
_MAX_RELATED = 12
_UNKNOWN = 0.4
"""Weight of a word that no record has, relative to a word that one has: questions use many of them."""
_FLOOR, _RANGE, _TIE = 0.01, 0.93, 0.0009

Accept = Callable[[StoredRecord], bool]


def search(
    records: MemoryRecords, scope: RecordScope, query: str, limit: int, now: datetime, accept: Accept | None = None
) -> list[tuple[StoredRecord, float]]:
    """Return up to `limit` records that `accept` takes with scores from 0 to 1, best first."""
    total = records.count(scope)
    if not total:
        return []
    terms = _weigh(records, scope, query, total)
    rows = sorted(terms.sums, key=lambda row: (-terms.sums[row], -row))[: max(_CANDIDATES, limit)]
    if len(rows) < limit:
        for found in terms.common.values():
            rows += found
        rows += records.newest(scope, limit)
    words = records.words_of(dict.fromkeys(rows), scope, now)
    ranked = sorted(((terms.score(row, words[row]), row) for row in words), reverse=True)
    if accept is None and (len(ranked) >= limit or not scope.strategy_id):
        ranked = ranked[:limit]
    scores = {row: score for score, row in ranked}
    taken = [each for each in records.by_rows(scores, scope, now) if accept is None or accept(each)]
    if len(taken) < limit and (accept or scope.strategy_id):
        taken = _more(records, scope, taken, limit, now, accept)
    best = sorted(((each, scores.get(each.row, _FLOOR)) for each in taken), key=lambda e: (-e[1], -e[0].row))
    return best[:limit]


@dataclass(slots=True)
class _Terms:
    """The words of a query as a scope has them."""

    sums: dict[int, float] = field(default_factory=dict)
    """The weights of a record's rare words, by its row."""
    common: dict[str, list[int]] = field(default_factory=dict)
    """The last records of each common word."""
    whole: float = 0.0
    """The weight of all rare words of the query."""

    def score(self, row: int, words: frozenset[str]) -> float:
        """Return the score of a record with these words."""
        share = min(1.0, self.sums.get(row, 0.0) / self.whole) if self.whole else 0.0
        shared = len(self.common.keys() & words) / len(self.common) if self.common else 0.0
        return round(_FLOOR + _RANGE * math.sqrt(share) + (_TIE if share else 40 * _TIE) * shared, 6)


def _weigh(records: MemoryRecords, scope: RecordScope, query: str, total: int) -> _Terms:
    terms = _Terms()
    common_from = max(_NEVER_COMMON, int(total * _COMMON_SHARE))

    def rare(word: str) -> tuple[list[int], float] | None:
        rows = _rows_up_to(records, scope, word, common_from)
        if rows is None or (total > 3 and 2 * len(rows) > total):
            terms.common[word] = records.rows_with(scope, word, _CANDIDATES) if rows is None else rows
            return None
        return rows, math.log(1 + (total - len(rows) + 0.5) / (len(rows) + 0.5))

    for word in sorted(index_words(query))[:_MAX_WORDS]:
        found = rare(word)
        if found is None:
            continue
        rows, weight = found
        near: dict[int, float] = {}
        for other in sorted(related_words(word))[:_MAX_RELATED]:
            if (others := _rows_up_to(records, scope, other, common_from)) is not None:
                near.update(dict.fromkeys(others, weight * _RELATED))
        near.update(dict.fromkeys(rows, weight))
        terms.whole += weight if near else weight * _UNKNOWN
        for row, amount in near.items():
            terms.sums[row] = terms.sums.get(row, 0.0) + amount
    return terms


def _rows_up_to(records: MemoryRecords, scope: RecordScope, word: str, most: int) -> list[int] | None:
    """Return the rows of all records that have a word; None if those are more than `most`.

    Most words have few records or none, and are looked up once.
    """
    few = records.some_with(scope, word, min(most, _CANDIDATES) + 1)
    if len(few) <= min(most, _CANDIDATES):
        return few
    return None if records.are_more_than(most, scope, word) else records.rows_with(scope, word, most)


def _more(
    records: MemoryRecords,
    scope: RecordScope,
    there: list[StoredRecord],
    limit: int,
    now: datetime,
    accept: Accept | None,
) -> list[StoredRecord]:
    """Add further records that are accepted, by namespace and newest first."""
    known = {record.row for record in there}
    for number, record in enumerate(records.listed(scope, now, None)):
        if len(there) >= limit or number >= _MAX_FILTERED:
            break
        if record.row not in known and (accept is None or accept(record)):
            there.append(record)
    return there
