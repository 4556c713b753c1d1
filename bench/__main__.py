"""Run the benchmarks; names on the command line choose among them."""

from __future__ import annotations

import importlib
import sys

ALL = ("start", "rest", "screen", "chunks", "endpoint", "provision", "recall")

for name in sys.argv[1:] or ALL:
    for line in importlib.import_module(f"bench.{name}").report():
        print(line, flush=True)  # noqa: T201
