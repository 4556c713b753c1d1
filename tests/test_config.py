"""The config: read with errors that one can act on, written whole, and otherwise left as its owner wrote it."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from travel_tui import paths
from travel_tui.config import AgentConfig, ConfigError, load, save_agent, set_default

GOOD = """\
version = 1
default = "travel"

[agents.travel]
agent_id = "TRAVELDEMO"
alias_id = "TSTALIASID"
region = "us-east-1"
memory_days = 30
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "travel-tui" / "config.toml"


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_without_a_file_there_is_no_config(path: Path) -> None:
    assert load(path) is None


def test_an_agent_is_read(path: Path) -> None:
    config = load(write(path, GOOD))
    assert config is not None
    assert config.chosen() == AgentConfig("travel", "TRAVELDEMO", "TSTALIASID", "us-east-1", memory_days=30)


def test_the_backend_is_read_and_stays_where_it_is_written(path: Path) -> None:
    written = f'{GOOD}backend = "bedrock-agents"\n'
    config = load(write(path, written))
    assert config is not None
    assert config.chosen().backend == "bedrock-agents"
    save_agent(path, config.chosen())
    assert path.read_text() == written
    save_agent(write(path, GOOD), config.chosen())
    assert path.read_text() == GOOD


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = = b", ["is not TOML", "line 1, column 5", "travel-tui demo"]),
        (b"\xff\xfe", ["is not UTF-8 text"]),
        ("version = 2", ["has version 2", "pipx upgrade travel-tui"]),
        ('version = "one"', ["line 1: version is 'one'"]),
        ("default = 3", ["line 1: default is 3"]),
        ("keys = 4", ["line 1: keys is 4", "[keys]"]),
        ('[keys]\n"session.end" = 2', ["line 2: keys.session.end is 2", '"f6,ctrl+e"']),
        ("[keys]\nsession.end = 2", ["line 2: keys.session.end is 2", '"f6,ctrl+e"']),
        ("screen = 4", ["line 1: screen is 4"]),
        ("[screen]\ntheme = 1", ["line 2: screen.theme is 1"]),
        ('[screen]\nstage = "yes"', ["line 2: screen.stage is 'yes'", "true or false"]),
        ("agents = 4", ["line 1: agents is 4", "[agents.travel]"]),
        ("[[agents]]\nx = 1", ["line 1: agents is"]),
        ("[agents]\n\ntravel = 1", ["line 3: agents.travel is 1"]),
        (
            '\n# mine\n[agents.travel]\nalias_id = "A"',
            ["line 3: agents.travel.agent_id is missing", "aws bedrock-agent list-agents"],
        ),
        (
            '[agents.travel]\nagent_id = "A"\n\nalias_id = 12',
            ["line 4: agents.travel.alias_id is 12", "list-agent-aliases"],
        ),
        ('[agents.t]\nagent_id = "WAYTOOLONG1"\nalias_id = "A"', ["line 2: agents.t.agent_id", "1 to 10 letters"]),
        ('[agents.t]\nagent_id = "A-B"\nalias_id = "A"', ["line 2: agents.t.agent_id is 'A-B'"]),
        ('[agents."a b"]\nagent_id = "A"\nalias_id = "A"\nregion = 1', ["line 4: agents.a b.region is 1"]),
        ('[agents.t]\nagent_id = "A"\nalias_id = "A"\nmemory_id = "a b"', ["line 4: agents.t.memory_id is 'a b'"]),
        ('[agents.t]\nagent_id = "A"\nalias_id = "A"\nmemory_days = 400', ["line 4", "from 1 to 365"]),
        ('[agents.t]\nagent_id = "A"\nalias_id = "A"\nmemory_days = true', ["line 4", "from 1 to 365"]),
        ('[agents.t]\nagent_id = "A"\nalias_id = "A"\nendpoint_url = "localhost:1"', ["line 4", "http://127.0.0.1"]),
        (
            '[agents.t]\nagent_id = "A"\nalias_id = "A"\nprovisioned = 3',
            ["line 4: agents.t.provisioned is 3", "[agents.t.provisioned]"],
        ),
        (
            '[agents.t]\nagent_id = "A"\nalias_id = "A"\nbackend = "bedrock"',
            ["line 4: agents.t.backend is 'bedrock'", '"bedrock-agents"'],
        ),
        ('[agents.t]\nagent_id = "A"\nalias_id = "A"\nbackend = ["bedrock-agents"]', ["line 4: agents.t.backend is"]),
        ('[agents]\nt = { agent_id = 7, alias_id = "A" }', ["line 2: agents.t.agent_id is 7"]),
        ('agents.t.agent_id = "A"\n\nagents.t.alias_id = 3', ["line 3: agents.t.alias_id is 3"]),
        ('[agents."a.b"]\nalias_id = "A"\n', ["line 1: agents.a.b.agent_id is missing"]),
        ('[agents.t.provisioned]\na = 1\n[agents.t]\nalias_id = "A"', ["line 3: agents.t.agent_id is missing"]),
    ],
)
def test_what_is_wrong_is_said_with_file_line_key_and_what_was_expected(
    path: Path, text: str | bytes, said: list[str]
) -> None:
    with pytest.raises(ConfigError) as wrong:
        load(write(path, text))
    for part in (str(path), *said):
        assert part in str(wrong.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("region", "regoin"), "line 7, agents.travel.regoin (did you mean region?)"),
        (f"{GOOD}default = 1\n", "line 9, agents.travel.default"),
        (f"defualt = 1\n{GOOD}", "line 1, defualt (did you mean default?)"),
        (f"{GOOD}[screen]\nthem = 1\nstage = true\n", "line 10, screen.them (did you mean theme?)"),
        (f"{GOOD}[colours]\n", "line 9, colours"),
        (f"x = 1\n{GOOD}y = 2\n", "line 1, x; line 10, agents.travel.y"),
        (f'{GOOD}[agents.travel.provisioned]\nany = 1\n[keys]\n"session.end" = "f6"\n', ""),
    ],
)
def test_a_key_that_nothing_reads_is_named_with_its_line(path: Path, text: str, said: str) -> None:
    config = load(write(path, text))
    assert config is not None
    assert config.warning == (f"{path} has unknown keys, which are ignored: {said}." if said else "")


def test_a_file_that_cannot_be_read_is_an_error_not_a_missing_one(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(ConfigError, match="is a directory"):
        load(path)


def test_the_agent_is_the_named_one_else_the_default_else_the_only_one(path: Path) -> None:
    two = '[agents.a]\nagent_id = "A"\nalias_id = "A"\n[agents.b]\nagent_id = "B"\nalias_id = "B"\n'
    config = load(write(path, 'default = "b"\n' + two))
    assert config is not None
    assert (config.chosen().name, config.chosen("a").name) == ("b", "a")
    with pytest.raises(ConfigError, match=r"no agent called 'c'.*a, b"):
        config.chosen("c")
    without = load(write(path, two))
    assert without is not None
    with pytest.raises(ConfigError, match="--agent NAME"):
        without.chosen()
    none = load(write(path, "version = 1"))
    assert none is not None
    with pytest.raises(ConfigError, match="has no agent"):
        none.chosen()


def test_a_saved_agent_is_read_back_from_a_private_file(path: Path) -> None:
    agent = AgentConfig(
        "travel", "AGENT", "ALIAS", "eu-west-1", "work", "http://127.0.0.1:4571", "anna", 30, 'A "title" \u2708'
    )
    save_agent(path, agent)
    config = load(path)
    assert config is not None
    assert config.chosen() == agent
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "text", ['[keys]\nsession.end = "f6"', '[keys]\n"session.end" = "f6"', '[keys.session]\nend = "f6"']
)
def test_a_key_is_named_with_and_without_quotation_marks(path: Path, text: str) -> None:
    config = load(write(path, f"{GOOD}\n{text}\n"))
    assert config is not None
    assert config.keys == {"session.end": "f6"}


def test_saving_keeps_comments_order_and_keys_it_does_not_know(path: Path) -> None:
    theirs = (
        "# my agents\ncolour = 'blue'\n\n# the first\n[agents.old]\n"
        'agent_id = "OLD"   # from the console\nalias_id = "A"\nnote = [1, 2]\n'
    )
    write(path, theirs)
    save_agent(path, AgentConfig("new", "NEW", "B"))
    text = path.read_text()
    for line in theirs.splitlines():
        assert line in text
    config = load(path)
    assert config is not None
    assert config.chosen().agent_id == "NEW"
    assert config.chosen("old").agent_id == "OLD"


def test_saving_an_agent_again_drops_what_it_no_longer_has(path: Path) -> None:
    save_agent(path, AgentConfig("travel", "A", "B", memory_id="anna", profile="work"))
    save_agent(path, AgentConfig("travel", "A", "C"))
    config = load(path)
    assert config is not None
    assert config.chosen() == AgentConfig("travel", "A", "C")


def test_what_was_provisioned_is_kept_when_another_command_saves_the_agent(path: Path) -> None:
    made = {"role": "arn:aws:iam::123456789012:role/r", "table": {"name": "bookings", "tags": ["a", "b"]}}
    save_agent(path, AgentConfig("travel", "A", "B", provisioned=made))
    save_agent(path, AgentConfig("travel", "A", "C", memory_id="anna"))
    config = load(path)
    assert config is not None
    assert config.chosen() == AgentConfig("travel", "A", "C", memory_id="anna", provisioned=made)
    save_agent(path, AgentConfig("travel", "A", "C", provisioned={}))
    emptied = load(path)
    assert emptied is not None
    assert emptied.chosen().provisioned == {}


TWO = (
    "# mine\r\ncolour = 1\r\ndefault = 'a'   # for now\r\n[agents.a]\r\nagent_id = 'A'\r\nalias_id = 'A'\r\n"
    "note = 2\r\n[agents.a.provisioned]\r\nrole = 'r' # made\r\n[agents.b]\r\nagent_id = 'B'\r\nalias_id = 'B'\r\n"
)


def test_another_default_changes_nothing_else_in_the_file(path: Path) -> None:
    write(path, TWO)
    assert set_default(path, "b") == AgentConfig("b", "B", "B")
    assert path.read_bytes().decode() == TWO.replace("'a'   #", '"b"   #')


def test_a_default_is_put_above_the_agents_where_there_was_none(path: Path) -> None:
    write(path, TWO.replace("default = 'a'   # for now\r\n", ""))
    set_default(path, "b")
    config = load(path)
    assert config is not None
    assert config.chosen().name == "b"


def test_a_default_that_is_not_there_is_refused_with_those_that_are(path: Path) -> None:
    with pytest.raises(ConfigError, match="No config at"):
        set_default(path, "a")
    write(path, TWO)
    with pytest.raises(ConfigError, match=r"no agent called 'c'.*a, b"):
        set_default(path, "c")
    assert path.read_bytes().decode() == TWO


def test_a_second_agent_becomes_the_default_only_where_it_should(path: Path) -> None:
    save_agent(path, AgentConfig("one", "A", "B"), make_default=False)
    save_agent(path, AgentConfig("two", "C", "D"), make_default=False)
    config = load(path)
    assert config is not None
    assert config.default == "one", "the first agent is the default in any case"


def test_a_config_that_cannot_be_read_is_not_overwritten(path: Path) -> None:
    write(path, "a = = b")
    with pytest.raises(ConfigError, match="is not TOML"):
        save_agent(path, AgentConfig("travel", "A", "B"))
    assert path.read_text() == "a = = b"


def test_an_agent_that_could_not_be_read_back_is_not_written(path: Path) -> None:
    write(path, GOOD)
    with pytest.raises(ConfigError, match="agent_id"):
        save_agent(path, AgentConfig("travel", "not an id", "B"))
    assert path.read_text() == GOOD
    assert [found.name for found in path.parent.iterdir()] == ["config.toml"]


def test_a_linked_config_stays_a_link(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.toml"
    target.write_text(GOOD)
    path.parent.mkdir()
    path.symlink_to(target)
    save_agent(path, AgentConfig("travel", "A", "B"))
    assert path.is_symlink()
    assert 'agent_id = "A"' in target.read_text()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    with pytest.raises(ConfigError, match=r"cannot be read|could not be written"):
        save_agent(tmp_path / "taken" / "config.toml", AgentConfig("travel", "A", "B"))


@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
    title=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
)
@settings(max_examples=60)
def test_any_name_and_title_can_be_saved(name: str, title: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "config.toml"
    agent = AgentConfig(name, "A", "B", title=title)
    save_agent(path, agent)
    config = load(path)
    assert config is not None
    assert config.chosen() == agent


@given(text=st.text(max_size=60))
@settings(max_examples=80)
def test_any_text_is_a_config_or_an_error(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "config.toml"
    path.write_bytes(text.encode())
    with suppress(ConfigError):
        load(path)
        tomllib.loads(text.removeprefix("\ufeff"))  # what was taken for a config is TOML


def test_files_live_under_the_users_own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    assert paths.config_file() == tmp_path / "c" / "travel-tui" / "config.toml"
    assert paths.archive_file() == tmp_path / "d" / "travel-tui" / "archive.sqlite3"
    assert paths.local_state() == tmp_path / "d" / "travel-tui" / "local"
    assert not (tmp_path / "c").exists()
