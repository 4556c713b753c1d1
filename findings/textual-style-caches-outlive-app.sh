#!/usr/bin/env bash
# Library:  textual 8.2.8
#
# Behaviour: after an app has ended and been collected, the style caches of its
#   widgets stay alive, with the drawn lines (strips) they hold. A method of
#   StylesCache is decorated with functools.lru_cache(1024); the instance is
#   part of the cache key, so the one cache of the process keeps up to 1024
#   StylesCache objects, one or more entries for each widget ever drawn. Apps
#   and widgets themselves are freed. Clearing that one cache frees the rest.
#
# Seen:
#   style caches alive after each ended app of 20 labels: 21 42 63; apps and widgets alive: 0; strips grow: True; style caches after cache_clear: 0
#
# Why it matters: memory of a process that runs many apps, as a test suite
#   does, grows with each of them until the cache is full, and every full
#   garbage collection walks what is kept. It looks like a leak in the
#   application under test. Clearing the cache of StylesCache.get_inner_outer
#   between tests removes it.
#
# Source: textual/_styles_cache.py, StylesCache.get_inner_outer. The Python FAQ
#   ("How do I cache method calls?") says that lru_cache on a method keeps the
#   instances alive until they age out of the cache.
set -euo pipefail
unset PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/python -m pip install -q textual==8.2.8

cat > show.py <<'PY'
import asyncio
import gc

from textual._styles_cache import StylesCache
from textual.app import App
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Label


class Labels(App):
    def compose(self):
        for number in range(20):
            yield Label(f"row {number}")


async def run_once():
    app = Labels()
    async with app.run_test() as pilot:
        await pilot.pause()


def alive(*kinds):
    gc.collect()
    gc.collect()
    return sum(isinstance(thing, kinds) for thing in gc.get_objects())


caches, strips = [], []
for _ in range(3):
    asyncio.run(run_once())
    caches.append(alive(StylesCache))
    strips.append(alive(Strip))
nodes = alive(App, Widget)
StylesCache.get_inner_outer.cache_clear()
print(
    "style caches alive after each ended app of 20 labels:",
    *caches,
    end="; ",
)
print(f"apps and widgets alive: {nodes}", end="; ")
print(f"strips grow: {strips[0] < strips[1] < strips[2]}", end="; ")
print(f"style caches after cache_clear: {alive(StylesCache)}")
PY

expected="style caches alive after each ended app of 20 labels: 21 42 63; apps and widgets alive: 0; strips grow: True; style caches after cache_clear: 0"
observed=$(env/bin/python show.py)
printf 'observed: %s\n' "$observed"
if [ "$observed" != "$expected" ]; then
    printf 'expected: %s\n' "$expected"
    exit 1
fi
