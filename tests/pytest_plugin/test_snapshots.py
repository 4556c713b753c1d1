"""The fixture tui_snapshot: a screen is stored, compared, and its differences are shown."""

from __future__ import annotations

import gc
import re

import pytest

from tests.docs.examples import ROOT
from tests.pytest_plugin.runs import run_here
from travel_tui.evidence.load import load_evidence
from travel_tui.pytest_plugin.snapshot import _file_name

pytest_plugins = ["pytester"]

EVIDENCE = ROOT / "tests" / "fixtures" / "2d845f9" / "evidence"
EXPORTED = load_evidence(EVIDENCE)

TESTS = """\
async def says(scene):
    await scene.user.sees("enter send")
    await scene.user.say("Hello there")
    await scene.user.sees("ANSWER")

def test_own(tui_snapshot):
    tui_snapshot(says, answers=["ANSWER"], size=(80, 24))

def test_words(tui_snapshot):
    tui_snapshot(says, answers=["ANSWER"], size=(80, 24), form="text", name="in-words")
"""


def test_a_screen_is_stored_and_its_differences_are_shown(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    thresholds = gc.get_threshold()
    pytester.makepyfile(test_screen=TESTS.replace("ANSWER", "Good day"))
    folder = pytester.path / "__snapshots__" / "test_screen"
    missing = run_here(pytester, "-k", "own")
    missing.assert_outcomes(failed=1, deselected=1)
    missing.stdout.fnmatch_lines(
        ["There is no snapshot *test_own.svg. Look at *test_own.new.svg*--tui-snapshot-update*"]
    )

    run_here(pytester, "--tui-snapshot-update").assert_outcomes(passed=2)
    assert {file.name for file in folder.iterdir()} == {"test_own.svg", "test_words-in-words.txt"}
    assert "Good day" in (folder / "test_words-in-words.txt").read_text(encoding="utf-8")

    monkeypatch.setenv("NO_COLOR", "1")  # the terminal of whoever runs the tests is not in the picture
    run_here(pytester, "-k", "own").assert_outcomes(passed=1, deselected=1)

    pytester.makepyfile(test_screen=TESTS.replace("ANSWER", "Good night"))
    differs = run_here(pytester, "-k", "own")
    differs.assert_outcomes(failed=1, deselected=1)
    differs.stdout.fnmatch_lines(["The screen differs from *test_own.svg.", "-*Good day*", "+*Good night*"])
    assert (gc.isenabled(), gc.get_threshold()) == (True, thresholds), "the client tunes its own process alone"


def test_an_exported_conversation_is_played(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_screen=f"""
        async def plays(scene):
            await scene.user.sees("enter send")
            for text in {[turn.text for session in EXPORTED.sessions for turn in session.turns]}:
                await scene.user.say(text)
                await scene.user.answered()

        def test_played(tui_snapshot):
            tui_snapshot(plays, answers={str(EVIDENCE)!r}, form="text")
        """
    )
    run_here(pytester, "--tui-snapshot-update").assert_outcomes(passed=1)
    (file,) = (pytester.path / "__snapshots__" / "test_screen").iterdir()
    shown = " ".join(file.read_text(encoding="utf-8").split())
    assert EXPORTED.sessions[-1].turns[-1].text in shown


BAD = {
    "'recaled'": "Unknown state 'recaled'. Did you mean 'recalled'?",
    "'recalled', size=(8, 4)": "size is from (20, 5) to (500, 200)",
    "'recalled', form='png'": "Expected: svg or text",
    "'recalled', theme='plaid'": "Unknown theme 'plaid'",
    "'recalled', answers=['Hello']": "answers= is for a script of your own",
    "print, answers='nowhere'": "nowhere is no folder that /export wrote",
}


def test_bad_input_is_named(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "\n".join(f"def test_{number}(tui_snapshot):\n    tui_snapshot({call})" for number, call in enumerate(BAD))
    )
    done = run_here(pytester)
    done.assert_outcomes(failed=len(BAD))
    assert [words for words in BAD.values() if words not in done.stdout.str()] == []


def test_tests_of_like_names_have_a_file_each() -> None:
    tests = [
        "TestA::test_x",
        "TestB::test_x",
        "test_x",
        "test_x[a b]",
        "test_x[a/b]",
        "test_x[a_b]",
        f"test_x[{'y' * 300}]",
    ]
    names = [_file_name(test) for test in tests]
    assert len(set(names)) == len(tests)
    assert all(re.fullmatch(r"[\w.\-\[\]]{1,120}", name) for name in names)
    assert _file_name("test_x") == "test_x"
