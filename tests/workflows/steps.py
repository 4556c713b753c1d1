"""The steps of the workflows for GitHub that are in this repository."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.docs.examples import ROOT

EXAMPLE = ROOT / "examples" / "recall-checks"
WORKFLOWS = sorted(file for root in (ROOT, EXAMPLE) for file in (root / ".github" / "workflows").glob("*.yml"))


@dataclass(frozen=True, slots=True)
class Step:
    """A step: an action that is used, or commands."""

    file: Path
    job: str
    uses: str
    run: str
    env: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.job}: {self.run.splitlines()[0] if self.run else self.uses}"

    @property
    def folder(self) -> Path:
        """The repository that it runs in."""
        return self.file.parents[2]


def steps(file: Path) -> Iterator[Step]:
    """Yield the steps of all jobs of a workflow, in order."""
    read: Mapping[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    for job, parts in read["jobs"].items():
        for step in parts["steps"]:
            yield Step(file, job, step.get("uses", ""), step.get("run", "").strip(), step.get("env", {}))


STEPS = [step for file in WORKFLOWS for step in steps(file)]
