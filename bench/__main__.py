"""Runs the benchmarks, or only those named on the command line; `beside FOLDER` compares with another checkout."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

ALL = (
    "start",
    "rest",
    "screen",
    "chunks",
    "endpoint",
    "agentcore",
    "inspector",
    "model",
    "provision",
    "recall",
    "attribution",
)

if sys.argv[1:2] == ["beside"]:
    from bench.beside import report

    for line in report(Path(sys.argv[2])):
        print(line, flush=True)  # noqa: T201
else:
    for name in sys.argv[1:] or ALL:
        for line in importlib.import_module(f"bench.{name}").report():
            print(line, flush=True)  # noqa: T201
