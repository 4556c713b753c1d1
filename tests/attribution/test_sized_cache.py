"""The cache of readings keeps the texts used last, and never more characters than its limit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from travel_tui.attribution.sized_cache import SizedCache

MOST = 20


@given(st.lists(st.text("ab", max_size=MOST + 5), max_size=60))
def test_the_texts_used_last_are_kept_as_far_as_the_limit_allows(texts: list[str]) -> None:
    cache: SizedCache[str, str] = SizedCache(MOST)
    made: list[str] = []

    def value(text: str) -> str:
        def make() -> str:
            made.append(text)
            return text.upper()

        return cache.get(text, len(text), make)

    for at, text in enumerate(texts):
        made.clear()
        assert value(text) == text.upper()
        # What was used since, this text included, had room: it need not be made again.
        before = texts[:at]
        since = before[len(before) - before[::-1].index(text) :] if text in before else None
        if since is not None and sum(map(len, {*since, text})) <= MOST:
            assert not made
        if len(text) > MOST:
            assert text not in before or made
        assert cache.size <= MOST


def test_what_is_forgotten_is_made_again() -> None:
    cache: SizedCache[str, object] = SizedCache(MOST)
    first = cache.get("a", 1, object)
    assert cache.get("a", 1, object) is first
    cache.clear()
    assert cache.size == 0
    assert cache.get("a", 1, object) is not first


def test_what_was_not_asked_for_since_the_last_time_is_forgotten() -> None:
    cache = SizedCache[str, str](100)
    for key in ("old", "new"):
        cache.get(key, 10, str)
    cache.forget_unused()
    assert cache.size == 20, "both were asked for"
    new = cache.get("new", 10, lambda: "another")
    cache.forget_unused()
    assert (cache.size, new) == (10, "")
    assert cache.get("old", 10, lambda: "made again") == "made again"
