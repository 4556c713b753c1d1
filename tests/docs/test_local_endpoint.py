"""docs/local-endpoint.md: what it lists is what there is. tests/installed runs its examples."""

from __future__ import annotations

import re

from tests.docs.examples import LOCAL_ENDPOINT
from travel_tui.cli.local import local
from travel_tui.local.faults import KINDS


def test_every_fault_and_every_flag_that_is_named_is_there() -> None:
    text = LOCAL_ENDPOINT.read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z][a-z-]+)` \|", text, re.MULTILINE)) == set(KINDS)
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"--[a-z][a-z-]+", prose))
    flags = {flag for option in local.params for flag in option.opts}
    assert named - flags == set()
