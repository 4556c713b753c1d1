"""Cache that is bounded by the characters of what it keeps: numbers of texts say nothing of their size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class SizedCache(Generic[Key, Value]):
    """Keeps the values used last, of at most `most` characters in all. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._used: set[Key] = set()
        """Keys that were asked for since `forget_unused` was called."""
        self._lock = Lock()
        self.size = 0
        """Characters of what is kept."""

    def get(self, key: Key, size: int, make: Callable[[], Value]) -> Value:
        """Return the value of `key`, which is made of `size` characters where it is not kept."""
        with self._lock:
            if key in self._kept:
                self._used.add(key)
                self._kept.move_to_end(key)
                return self._kept[key][0]
        value = make()  # without the lock: two threads may make the same value, and none waits for another
        with self._lock:
            if key not in self._kept and size <= self._most:
                self._kept[key] = value, size
                self._used.add(key)
                self.size += size
            while self.size > self._most:
                oldest, (_, dropped) = self._kept.popitem(last=False)
                self._used.discard(oldest)
                self.size -= dropped
        return value

    def forget_unused(self) -> None:
        """Forget what was not asked for since the last time."""
        with self._lock:
            for key in self._kept.keys() - self._used:
                self.size -= self._kept.pop(key)[1]
            self._used.clear()

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()
            self._used.clear()
            self.size = 0
