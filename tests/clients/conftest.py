"""Table of the clients at the end of the run: which of them there were, in which version, and by which protocol."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

CLIENTS = Path(__file__).resolve().parents[2] / ".venv-clients"
NODE = CLIENTS / "node"
NEWER = CLIENTS / "newer"
"""Environment of a Python of 3.12 or newer, where there is one."""
_NEWER_PYTHON = ("aws_sdk_bedrock_agent_runtime", "aws_sdk_bedrock_agentcore")
_AGENTCORE = ("bedrock-agentcore", "strands-agents", "langgraph-checkpoint-aws")
_PYTHON = ("boto3", "awscli", "langchain-aws", "litellm", "agent-evaluation", *_AGENTCORE)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the clients and their versions, if they ran."""
    if not any("check_clients" in report.nodeid for report in terminalreporter.getreports("passed")):
        return
    terminalreporter.section("clients")
    for name, version in [*_installed(CLIENTS, _PYTHON), *_installed(NEWER, _NEWER_PYTHON)]:
        terminalreporter.write_line(f"{name:<44} {version:<12} HTTP/1.1")
    for package in sorted(NODE.glob("node_modules/@aws-sdk/client-*/package.json")):
        told = json.loads(package.read_text("utf-8"))
        protocol = "HTTP/2" if told["name"].endswith("agent-runtime") else "HTTP/1.1"
        terminalreporter.write_line(f"{told['name']:<44} {told['version']:<12} {protocol}")


def _installed(environment: Path, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return which of the packages an environment has, with their versions."""
    program = "import importlib.metadata as m, sys\nfor name in sys.argv[1:]:\n    print(name, m.version(name))"
    if not (environment / "bin" / "python").exists():
        return []
    done = subprocess.run(
        [environment / "bin" / "python", "-c", program, *names], capture_output=True, text=True, check=True
    )
    return [(name, version) for name, version in map(str.split, done.stdout.splitlines())]
