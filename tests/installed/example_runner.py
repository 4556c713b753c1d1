"""Runs the examples of a page as printed, in order, with what is installed.

Two things are not as printed: the local endpoint is on a port that is free, in place of 4571, and `travel-tui local`
runs in the background, as in another terminal. Commands that need a terminal get one: a full-screen command has to show
what was typed, and a question is answered with its default, or yes.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.cli.terminal import Terminal
from tests.docs.examples import URL, Example, examples

TIMEOUT_S = 120.0
_SCREENS = re.compile(r"travel-tui( demo( --backend \w+)?| chat)?$")
_RESULTS = re.compile(r"travel-tui recall show\b")
_ASKS = re.compile(r"travel-tui (connect|provision|destroy|memory delete)\b(?!.*--yes)")
_SERVES = re.compile(r"travel-tui local\b")
_QUESTION = re.compile(r"\[[^\]]*\](, or [^\[]*)?: ?$")
_YES_OR_NO = re.compile(r"/n\](, or [^\[]*)?: ?$", re.I)

_PYTHON = """
import json, sys
names = {"__name__": "__main__"}
for line in sys.stdin:
    exec(compile(json.loads(line), "example", "exec"), names)
    print("\\0", flush=True)
"""
"""Runs programs that come as JSON, one a line, one after the other with the same names."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command or program, and what it printed on standard output."""

    example: Example
    command: str
    output: str


class ExampleRunner:
    """Runs examples; raises AssertionError with the place of the one that does not work."""

    def __init__(self, commands: Path, home: Path, variables: Mapping[str, str]) -> None:
        """`commands` is the folder with the installed travel-tui and python, `home` an empty home folder."""
        self.environment = {
            "PATH": f"{commands}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "HOME": str(home),
            "TERM": "xterm-256color",
            "AWS_EC2_METADATA_DISABLED": "true",
            **variables,
        }
        self.home = home
        self.url = variables.get("AWS_ENDPOINT_URL", URL)
        self.ran: list[Ran] = []
        self._servers: list[subprocess.Popen[str]] = []
        self._python: subprocess.Popen[str] | None = None

    def read(self, page: Path) -> list[Ran]:
        """Run all examples of a page that are not illustrations."""
        for example in examples(page):
            if not example.illustration:
                self.follow(example)
        return self.ran

    def follow(self, example: Example) -> None:
        """Do what an example says."""
        text = example.text.replace(URL, self.url)
        if example.file:
            self._shell(example, f'mkdir -p "$(dirname {example.file})" && cat > {example.file}', given=text)
        elif example.language == "sh":
            for command in example.commands():
                self._command(example, command.replace(URL, self.url))
        elif example.language == "bash":
            self._shell(example, text, shell="bash")
        elif example.language == "python":
            self._program(example, text)
        elif example.language == "json":
            self._compare(example)
        else:
            raise AssertionError(f"{example.place}: nothing says what to do with {example.language!r}")

    def _command(self, example: Example, line: str) -> None:
        command = re.split(r"\s#\s", line)[0].strip()
        if _SERVES.match(command):
            self._serve(example, command)
        elif _SCREENS.match(command):
            self._screen(example, command, typed="Which trips do I have?", shown="Which trips do I have?")
        elif _RESULTS.match(command):
            self._screen(example, command, typed="", shown="moved")
        elif _ASKS.match(command):
            self._answer(example, command)
        elif command.startswith("export "):
            for context in self._shell(example, f"{command}\nenv -0").split("\0"):
                name, _, value = context.partition("=")
                self.environment |= {name: value} if name else {}
        else:
            self.ran.append(Ran(example, command, self._shell(example, line)))

    def _shell(self, example: Example, script: str, *, shell: str = "sh", given: str | None = None) -> str:
        done = subprocess.run(
            [shell, "-c", script],
            env=self.environment, cwd=self.home, input=given, stdin=None if given else subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=TIMEOUT_S,
        )  # fmt: skip
        assert done.returncode == 0, f"{example.place}: {script}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _serve(self, example: Example, command: str) -> None:
        """Start it on a free port in the background, and go on once it listens there."""
        words = [*shlex.split(command), "--port", "0"]
        server = subprocess.Popen(words, env=self.environment, cwd=self.home, stdout=subprocess.PIPE, text=True)
        self._servers.append(server)
        assert server.stdout
        line = server.stdout.readline().strip()
        assert line.startswith("listening on http://"), f"{example.place}: {command} said {line!r}"
        if "--port" not in command:
            self.url = line.split()[-1]

    @contextmanager
    def _terminal(self, command: str) -> Iterator[Terminal]:
        terminal = Terminal(
            "/bin/sh", "-c", f"cd {shlex.quote(str(self.home))} && exec {command}", environment=self.environment
        )
        try:
            yield terminal
        finally:
            terminal.close()

    def _screen(self, example: Example, command: str, *, typed: str, shown: str) -> None:
        """Open it in a terminal, see that it takes keys, and quit."""
        with self._terminal(command) as terminal:
            terminal.until(lambda: b"\x1b[?1049h" in terminal.raw, f"the screen of {command} ({example.place})")
            terminal.sees("F1" if typed else shown)
            terminal.send(typed)
            terminal.sees(shown)
            terminal.send("\x11\x11")
            assert terminal.ended() == 0, f"{example.place}: {terminal.text()}"

    def _answer(self, example: Example, command: str) -> None:
        """Run it in a terminal and answer what it asks."""
        answered = 0

        def over() -> bool:
            nonlocal answered
            asked = terminal.raw.decode(errors="replace")
            if len(asked) > answered and _QUESTION.search(asked):
                answered = len(asked)
                terminal.send("y\r" if _YES_OR_NO.search(asked) else "\r")
            return terminal.status is not None

        with self._terminal(command) as terminal:
            terminal.until(over, f"the end of {command} ({example.place})")
            assert terminal.status == 0, f"{example.place}: {terminal.text()}"

    def _program(self, example: Example, text: str) -> None:
        if self._python is None:
            self._python = subprocess.Popen(
                ["python", "-c", _PYTHON], env=self.environment, cwd=self.home, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
        assert self._python.stdin
        assert self._python.stdout
        self._python.stdin.write(json.dumps(text) + "\n")
        self._python.stdin.flush()
        printed = []
        for line in self._python.stdout:
            if line == "\0\n":
                break
            printed.append(line)
        else:
            raise AssertionError(f"{example.place}: {''.join(printed)}")
        self.ran.append(Ran(example, text, "".join(printed)))

    def _compare(self, example: Example) -> None:
        """Hold what a page shows as JSON against what the last command printed.

        Keys and types are the same, and texts but for numbers, times and what is shown with an ellipsis. Events may be
        left out.
        """
        ran = self.ran[-1]
        printed = [json.loads(line) for line in ran.output.splitlines()]
        shown = [json.loads(line) for line in example.text.splitlines()]
        where = f"{example.place}: {ran.command} printed\n{ran.output}"
        assert printed, where
        for each in shown:
            assert any(_alike(each, other) for other in printed), f"{each} is not what {where}"
        known = {(each.get("event"), frozenset(each)) for each in shown}
        events = {event for event, _ in known}
        for other in printed:
            if other.get("event") in events:
                assert (other.get("event"), frozenset(other)) in known, f"{other} is not shown; {where}"

    def close(self) -> None:
        """End what runs in the background; the local endpoint ends with status 0."""
        if self._python is not None:
            self._python.communicate(timeout=TIMEOUT_S)
        for server in self._servers:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=TIMEOUT_S)
            assert server.returncode == 0


def _alike(shown: dict[str, object], printed: dict[str, object]) -> bool:
    return set(shown) == set(printed) and all(_agrees(value, printed[key]) for key, value in shown.items())


def _agrees(shown: object, printed: object) -> bool:
    if isinstance(shown, str) and isinstance(printed, str):
        if "…" in shown or (_is_time(shown) and _is_time(printed)):
            return True
        return re.fullmatch(re.sub(r"\d+", r"\\d+", re.escape(shown)), printed) is not None
    return shown is None or printed is None or type(shown) is type(printed)


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
