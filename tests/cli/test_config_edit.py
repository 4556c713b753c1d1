"""travel-tui config edit: a copy is edited, and only one that can be read takes the config's place."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.terminal import running
from travel_tui.cli import travel_tui
from travel_tui.config import load
from travel_tui.paths import config_file

GOOD = '# mine\nversion = 1\n\n[agents.travel]  # the demo\nagent_id = "TRAVELDEMO"\nalias_id = "TSTALIASID"\n'
BROKEN = GOOD.replace('"TRAVELDEMO"', "7")


@pytest.fixture
def config() -> Path:
    path = config_file()
    path.parent.mkdir(parents=True)
    path.write_text(GOOD)
    return path


def editor(folder: Path, code: str) -> str:
    """The command of an editor that runs `code` with the path of the file as `path`."""
    script = folder / "an editor.py"
    script.write_text(f"import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n{code}\n")
    return shlex.join([sys.executable, str(script)])


def edit(folder: Path, code: str, *arguments: str) -> Result:
    environment = {"VISUAL": editor(folder, code), "EDITOR": "false"}
    return CliRunner().invoke(travel_tui, ["config", "edit", *arguments], env=environment)


def drafts(path: Path) -> list[Path]:
    return sorted(path.parent.glob("*-edit-*"))


def test_an_edit_takes_the_configs_place_with_its_comments(config: Path, tmp_path: Path) -> None:
    done = edit(tmp_path, "path.write_text(path.read_text() + '[screen]  # dark\\ntheme = \"nord\"\\n')")
    assert (done.exit_code, done.stdout) == (0, f"{config} is saved.\n"), done.output
    assert config.read_text() == f'{GOOD}[screen]  # dark\ntheme = "nord"\n'
    assert config.stat().st_mode & 0o777 == 0o600
    assert drafts(config) == []


def test_a_symbolic_link_stays_one(config: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(config)
    assert edit(tmp_path, f"path.write_text({GOOD + '# more'!r})", "--config", str(link)).exit_code == 0
    assert link.is_symlink()
    assert config.read_text().endswith("# more")


def test_without_a_change_nothing_is_written(config: Path, tmp_path: Path) -> None:
    before = config.stat().st_mtime_ns
    done = edit(tmp_path, "")
    assert (done.exit_code, done.stdout) == (0, f"Nothing was changed in {config}.\n")
    assert config.stat().st_mtime_ns == before
    assert drafts(config) == []


def test_an_empty_edit_leaves_a_config_as_it_is(config: Path, tmp_path: Path) -> None:
    done = edit(tmp_path, "path.write_text('\\n')")
    assert (done.exit_code, f"is empty. {config} is unchanged" in done.stderr) == (1, True), done.output
    assert config.read_text() == GOOD
    assert drafts(config) == []


def test_without_a_config_there_is_one_to_begin_with(tmp_path: Path) -> None:
    assert "Nothing was changed" in edit(tmp_path, "assert '# [agents.travel]' in path.read_text()").stdout
    assert not config_file().exists()
    filled_in = "path.write_text('\\n'.join(line.removeprefix('# ') for line in path.read_text().splitlines()[1:]))"
    done = edit(tmp_path, filled_in)
    assert done.exit_code == 0, done.output
    found = load(config_file())
    assert found is not None
    assert (found.chosen().agent_id, found.theme, found.unknown) == ("TRAVELDEMO", "textual-light", ())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (BROKEN, "line 5: agents.travel.agent_id is 7"),
        (GOOD + "[agents", "is not TOML: "),
        (GOOD + "# \udcff", "is not UTF-8 text (byte "),
    ],
)
def test_what_cannot_be_read_is_told_and_kept_beside_the_config(
    config: Path, tmp_path: Path, text: str, reason: str
) -> None:
    written = text.encode(errors="surrogateescape")
    done = edit(tmp_path, f"path.write_bytes({written!r})")
    assert done.exit_code == 1
    assert f"{config}" in done.stderr
    assert reason in done.stderr
    assert config.read_text() == GOOD
    (draft,) = drafts(config)
    assert draft.read_bytes() == written
    assert draft.stat().st_mode & 0o777 == 0o600
    assert f"{config} is unchanged; your edit is in {draft}." in done.stderr


def test_what_could_not_be_read_before_can_be_mended(config: Path, tmp_path: Path) -> None:
    config.write_text(BROKEN)
    assert edit(tmp_path, f"path.write_text({GOOD!r})").exit_code == 0
    assert config.read_text() == GOOD


def test_an_unknown_key_is_a_warning(config: Path, tmp_path: Path) -> None:
    done = edit(tmp_path, f"path.write_text({GOOD + 'regoin = 1'!r})")
    assert done.exit_code == 0
    assert "line 7, agents.travel.regoin (did you mean region?)" in done.stderr


def test_a_change_by_another_program_is_not_overwritten(config: Path, tmp_path: Path) -> None:
    others = GOOD + "# theirs\n"
    done = edit(tmp_path, f"path.write_text('version = 1'); pathlib.Path({str(config)!r}).write_text({others!r})")
    assert done.exit_code == 1
    assert "changed by another program" in done.stderr
    assert config.read_text() == others
    (draft,) = drafts(config)
    assert draft.read_text() == "version = 1"


@pytest.mark.parametrize("visual", ["false", "no-such-editor --wait", "an 'unpaired quote"])
def test_an_editor_that_fails_changes_nothing(config: Path, visual: str) -> None:
    done = CliRunner().invoke(travel_tui, ["config", "edit"], env={"VISUAL": visual})
    assert done.exit_code == 1
    assert f"{config} is unchanged." in done.stderr
    assert "EDITOR=nano" in done.stderr
    assert config.read_text() == GOOD
    assert drafts(config) == []


def test_without_an_editor_and_a_terminal_there_is_a_next_step(config: Path) -> None:
    done = CliRunner().invoke(travel_tui, ["config", "edit"], env={"VISUAL": None, "EDITOR": None})
    assert done.exit_code == 2
    assert "set VISUAL or EDITOR" in done.stderr


def test_on_a_terminal_it_can_be_edited_again(config: Path, tmp_path: Path) -> None:
    twice = f"good = {GOOD + '# again'!r}; path.write_text(good if path.read_text() == {BROKEN!r} else {BROKEN!r})"
    command = editor(tmp_path, twice)
    with running("config", "edit", VISUAL=command, TERM=os.environ["TERM"]) as anna:
        anna.sees("agent_id is 7", "Edit again?")
        assert config.read_text() == GOOD
        anna.send("\r")
        assert anna.ended() == 0
        assert "is saved." in anna.flat()
    assert config.read_text().endswith("# again")
    config.write_text(GOOD)
    with running("config", "edit", VISUAL=command) as anna:
        anna.sees("Edit again?")
        anna.send("n\r")
        assert anna.ended() == 1
        assert "config-edit-" in anna.flat()
    (draft,) = drafts(config)
    assert draft.read_text() == BROKEN
