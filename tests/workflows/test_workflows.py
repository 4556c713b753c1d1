"""The workflows for GitHub are well-formed, use actions by their major versions, and stand in the docs as they are."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.docs.examples import ROOT, examples
from tests.workflows.steps import EXAMPLE, STEPS, WORKFLOWS


def test_they_conform_to_githubs_schema() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    command: list[str | Path] = [checker, "--builtin-schema", "vendor.github-workflows", *WORKFLOWS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actions_are_pinned_by_their_major_version() -> None:
    used = {step.uses for step in STEPS if step.uses}
    assert used
    assert {each for each in used if not re.fullmatch(r"(actions|aws-actions)/[a-z-]+@v\d+", each)} == set()


def test_the_page_shows_the_workflow_of_the_example() -> None:
    (shown,) = [each.text for each in examples(ROOT / "docs" / "ci.md") if each.language == "yaml"]
    assert shown == (EXAMPLE / ".github" / "workflows" / "recall.yml").read_text(encoding="utf-8")


def test_every_python_that_is_promised_is_tested() -> None:
    classifiers = re.findall(r'Python :: (3\.\d+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (matrix,) = re.findall(
        r"python: \[(.*)\]", (ROOT / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
    )
    assert matrix == ", ".join(f'"{version}"' for version in classifiers)
