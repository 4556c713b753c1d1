"""`travel-tui serve` over HTTP: who may use it, and what each visitor gets."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from tests.endpoint import until
from tests.web.server import OTHER_TAB, Served, page_of, serving
from travel_tui.cli import travel_tui
from travel_tui.paths import config_file


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A server without a config, so that its clients show the welcome screen."""
    with serving(tmp_path, "--keep", "30") as running:
        yield running
    until(lambda: not running.clients())


def get(served: Served, path: str = "/", **headers: str) -> tuple[HTTPResponse, str]:
    """Ask for a path; follow nothing."""
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer, body


def upgrade(served: Served, **headers: str) -> int:
    """Ask for a tab's connection as browsers do, and return the status."""
    asked = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13"}
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=60)
    asked |= {"Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==", **headers}
    connection.request(
        "GET", f"/ws/{OTHER_TAB}", headers={name.replace("_", "-"): value for name, value in asked.items()}
    )
    status = connection.getresponse().status
    connection.close()
    return status


def test_the_page_is_this_servers_alone(served: Served) -> None:
    answer, page = get(served)
    assert answer.status == 200
    assert "<title>travel-tui chat</title>" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", ""), "nothing comes from elsewhere"
    assert "frame-ancestors 'none'" in str(answer.getheader("Content-Security-Policy"))
    for path in ("/page/page.js", "/page/page.css", "/page/icon.svg", "/static/js/textual.js"):
        assert get(served, path)[0].status == 200, path
    own = urlsplit(served.url).netloc
    for host in ("evil.example", f"evil.example:{urlsplit(served.url).port}", "127.0.0.1.evil.example", "x@["):
        answer, body = get(served, Host=host)
        assert (answer.status, "Host header" in body) == (403, True), host
    for origin in ("https://evil.example", "null", "http://localhost:1", f"http://{own}.evil.example", "http://["):
        assert upgrade(served, Origin=origin) == 403, origin
        assert get(served, Origin=origin)[0].status == 403, origin
    assert upgrade(served, Origin=f"http://{own}") == 101
    assert upgrade(served, Host=f"localhost:{own.rpartition(':')[2]}", Origin=f"http://{own}") == 403


def test_a_token_is_needed_for_all_of_it_where_others_reach_it(tmp_path: Path) -> None:
    with serving(tmp_path, "--host", "0.0.0.0", "--public-url", "https://talk.example.org", "chat") as served:
        assert served.process.stdout
        assert served.process.stdout.readline() == f"visitors open https://talk.example.org/?token={served.token}\n"
        assert len(served.token) >= 32
        for path in ("/", "/?token=", f"/?token={served.token[:-1]}x", "/page/page.js", "/static/js/textual.js"):
            answer, body = get(served, path)
            assert answer.status == 403, path
            assert "open the whole URL that `travel-tui serve` printed" in body
        own = f"http://{urlsplit(served.url).netloc}"
        assert upgrade(served, Origin=own) == 403
        answer, _ = get(served, f"/?fontsize=20&token={served.token}")
        assert (answer.status, answer.getheader("Location")) == (302, "/?fontsize=20"), "no longer in the address bar"
        cookie, _, flags = str(answer.getheader("Set-Cookie")).partition(";")
        assert {"HttpOnly", "SameSite=Lax"} <= {flag.strip() for flag in flags.split(";")}
        assert get(served, Cookie=cookie)[0].status == 200
        assert upgrade(served, Origin=own, Cookie=cookie) == 101
        assert upgrade(served, Origin=own, Cookie=f"{cookie}x") == 403
        assert upgrade(served, Origin="http://evil.example", Cookie=cookie) == 403
        assert get(served, Host="evil.example", Cookie=cookie)[0].status == 403
        cookie = str(get(served, f"/?token={served.token}", Host="talk.example.org")[0].getheader("Set-Cookie"))
        assert cookie.endswith("Secure")
        asked = {"Host": "talk.example.org", "Cookie": cookie.partition(";")[0]}
        assert get(served, **asked)[0].status == 200
        assert upgrade(served, Origin="https://talk.example.org", **asked) == 101


async def test_each_tab_has_a_client_which_a_reload_and_a_lost_connection_keep(served: Served) -> None:
    async with page_of(served) as anna:
        await anna.sees("No agent is configured yet.")
        await anna.type("\x10")
        await anna.sees("Search for commands")
        await anna.type("theme of an")
        await anna.sees("theme of an")
        async with page_of(served, OTHER_TAB) as bert:
            await bert.sees("No agent is configured yet.")
            assert "Search for" not in bert.text
            assert len(served.clients()) == 2
            await bert.send("stdin", 7)
            await bert.send("resize", {"width": 10**9, "height": "x"})
            await bert.type("q")
            assert await bert.closed() == 1000
        await anna.reload()
    async with page_of(served, columns=90, rows=30) as anna:
        await anna.sees("theme of an")
        assert all(mode in anna.raw for mode in (b"\x1b[?1049h", b"\x1b[?1006h", b"\x1b[?2004h"))
        anna.lose()
    async with page_of(served) as anna, page_of(served) as again:
        assert await anna.closed() == 4001, "shown in the newer one"
        await again.sees("theme of an")
        await again.type("\x11")
        assert await again.closed() == 1000
    config_file().parent.mkdir(parents=True)
    config_file().write_text("version = ")
    async with page_of(served) as anna:
        assert await anna.closed() == 4002
        (failure,) = anna.told
        assert isinstance(failure, list)
        assert failure[0] == "failed"
        assert str(config_file()) in failure[1]
    until(lambda: not served.clients())


async def test_the_welcome_screen_goes_on_with_the_demo_on_the_same_page(served: Served) -> None:
    async with page_of(served) as anna:
        await anna.sees("No agent is configured yet.")
        await anna.send("resize", {"width": 120, "height": 39})
        await anna.type("\r")
        await anna.sees("What will the agent remember tomorrow?", "enter send")
        await anna.type("Hi, my name is Anna.")
        await anna.sees("Hi, my name is Anna.")
        served.process.terminate()
        assert await anna.closed() == 1001
    assert served.process.wait() == 0


async def test_no_client_is_left_by_a_page_that_does_not_come_back_or_by_a_killed_server(tmp_path: Path) -> None:
    with serving(tmp_path, "--keep", "0", "chat") as served:
        async with page_of(served) as anna:
            await anna.sees("No agent is configured yet.")
            anna.lose()
            until(lambda: not served.clients())
        async with page_of(served) as anna:
            await anna.sees("No agent is configured yet.")
            await anna.reload()
            until(lambda: not served.clients())
        async with page_of(served) as anna:
            await anna.sees("No agent is configured yet.")
            served.process.kill()
            assert await anna.closed() == 1006
            until(lambda: not served.clients())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "'nonsense' is not one of 'chat', 'demo'"),
        (["demo", "--sed", "3"], "Usage: travel-tui serve demo"),
        (["chat", "--agent", "nobody"], "No config at"),
        (["--host", " "], "--host is ' '. Expected: an address of this machine"),
        (["--host", "192.0.2.1"], "The server cannot listen on 192.0.2.1"),
        (["--public-url", "talk.example.org"], "is not a URL such as https://talk.example.org, without a path."),
        (["--public-url", "https://talk.example.org/x"], "without a path"),
        (["--keep", "inf"], "is not a finite number"),
    ],
    ids=str,
)
def test_wrong_use_is_refused_before_anything_listens(arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(travel_tui, ["serve", *arguments])
    assert done.exit_code in (1, 2)
    assert said in done.stderr
    assert done.stdout == ""


def test_a_port_that_is_taken_is_told_with_the_option_to_change() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = CliRunner().invoke(travel_tui, ["serve", "--port", str(taken.getsockname()[1])])
    assert done.exit_code == 1
    assert "Address already in use. Choose another port with --port" in done.stderr


def test_without_the_extra_one_line_says_what_to_install() -> None:
    script = "import sys\nsys.modules['textual_serve'] = None\nfrom travel_tui.cli import main\nmain(['serve', 'demo'])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: serve needs the package textual-serve: `pip install 'travel-tui[serve]'`.\n"
