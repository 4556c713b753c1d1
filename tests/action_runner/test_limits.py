"""Functions that hang, fork or eat memory, calls that are given up, and that nothing is left of any of them."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.action_runner.conftest import REQUEST, Make, all_gone, call, eventually, runs_still, write
from travel_tui.action_runner import runner

LOOPS = """
    import os
    def handler(event, context):
        print("looping as", os.getpid())
        while event.get("loop"):
            pass
        return os.getpid()
"""


FORKS = """
    import os, signal
    def handler(event, context):
        pids = []
        for _ in range(20):
            pid = os.fork()
            if not pid:
                signal.pause()
            pids.append(pid)
        print(*pids, flush=True)
        while event.get("loop"):
            pass
        if event.get("leave"):
            os._exit(1)
        return pids
"""


async def test_a_function_that_does_not_end_is_killed_at_its_timeout(make: Make) -> None:
    runs = make(LOOPS, timeout_s=0.5)
    before = (await call(runs)).payload
    outcome = await call(runs, {"loop": True})
    assert outcome.error == "Timeout"
    assert outcome.payload["errorMessage"] == f"RequestId: {REQUEST} Error: Task timed out after 0.50 seconds"
    assert outcome.log == f"looping as {before}\n"
    assert not runs_still(before)
    assert (await call(runs)).error is None


async def test_a_function_that_kills_its_keeper_and_sleeps_on_is_killed_at_its_timeout(make: Make) -> None:
    runs = make(
        """
        import os, signal, time
        def handler(event, context):
            print(os.getpid())
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(3600)
        """,
        timeout_s=0.5,
    )
    outcome = await call(runs)
    assert outcome.error == "Timeout"
    await all_gone([int(outcome.log)])


async def test_code_that_does_not_end_loading_is_killed_as_well(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "INIT_S", 0.3)
    runs = make("while True: pass", timeout_s=0.2)
    await runs.warm()
    outcome = await call(runs)
    assert outcome.error == "Timeout"
    assert "0.30 seconds" in outcome.payload["errorMessage"]


async def test_a_function_that_wants_ten_gigabytes_gets_a_memory_error_and_lives_on(make: Make) -> None:
    runs = make(
        """
        import os
        def handler(event, context):
            return len(bytearray(event.get("bytes", 0))), os.getpid()
        """,
        memory_mb=128,
    )
    enough, before = (await call(runs, {"bytes": 100_000_000})).payload
    assert enough == 100_000_000
    outcome = await call(runs, {"bytes": 10 * 1024**3})
    assert (outcome.error, outcome.payload["errorType"]) == ("Unhandled", "MemoryError")
    assert (await call(runs)).payload == [0, before]


@pytest.mark.parametrize("event", [{"loop": True}, {"leave": True}, {}])
async def test_what_a_function_forks_ends_with_its_process(make: Make, event: dict[str, Any]) -> None:
    runs = make(FORKS, timeout_s=2)
    outcome = await call(runs, event)
    forked = [int(pid) for pid in outcome.log.split()]
    assert len(forked) == 20
    if not outcome.error:
        assert all(runs_still(pid) for pid in forked)
        await runs.close()
    await all_gone(forked)


async def test_only_the_worker_answers_when_a_fork_comes_back_from_the_handler(make: Make) -> None:
    runs = make(
        "import os\ndef handler(event, context):\n    return [event['number'], bool(os.fork() or event.get('x'))]"
    )
    outcomes = [await call(runs, {"number": number}) for number in range(3)]
    assert [outcome.payload for outcome in outcomes] == [[0, True], [1, True], [2, True]]


async def test_a_cancelled_call_takes_its_process_with_it_and_the_next_gets_its_own_answer(
    make: Make, tmp_path: Path
) -> None:
    runs = make(
        f"""
        import os, pathlib
        def handler(event, context):
            if event["number"] == 1:
                pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))
                while True:
                    pass
            return event["number"]
        """
    )
    hanging = asyncio.create_task(call(runs, {"number": 1}))
    await eventually((tmp_path / "pid").exists)
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert (await call(runs, {"number": 2})).payload == 2
    await eventually(lambda: (tmp_path / "pid").read_text() != "")
    await all_gone([int((tmp_path / "pid").read_text())])


async def test_warming_that_was_given_up_leaves_nothing_for_the_next_call_to_trip_over(
    make: Make, tmp_path: Path
) -> None:
    runs = make(
        f"""
        import pathlib
        folder = pathlib.Path({str(tmp_path)!r})
        (folder / "loading").touch()
        while not (folder / "go").exists():
            pass
        def handler(event, context):
            return "loaded"
        """
    )
    warming = asyncio.create_task(runs.warm())
    await eventually((tmp_path / "loading").exists)
    warming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await warming
    (tmp_path / "go").touch()
    assert (await call(runs)).payload == "loaded"


async def test_closing_ends_a_call_that_runs_and_refuses_those_that_wait(make: Make, tmp_path: Path) -> None:
    runs = make(LOOPS)
    before = (await call(runs)).payload
    hanging = asyncio.create_task(call(runs, {"loop": True}))
    waiting = asyncio.create_task(call(runs))
    await asyncio.wait({hanging}, timeout=0)
    await runs.close()
    assert (await hanging).error == "Runtime.ExitError"
    with pytest.raises(RuntimeError, match="closed"):
        await waiting
    assert not runs_still(before)
    with pytest.raises(RuntimeError, match="closed"):
        await call(runs)


async def test_nothing_is_left_when_the_caller_is_killed(make: Make, tmp_path: Path) -> None:
    homes = tmp_path / "caller"
    homes.mkdir()
    code = write(
        tmp_path / "code",
        """
        import os, re, signal
        def handler(event, context):
            forked = os.fork()
            if not forked:
                signal.pause()
            with open(event["pids"], "w") as file:
                file.write(f"{os.getpid()} {forked}")
            os.rename(event["pids"], event["pids"] + ".whole")
            re.match("(a*)*b", "a" * 64)  # holds the interpreter's lock for years
        """,
    )
    caller = f"""
import asyncio, pathlib
from travel_tui.action_runner import ActionRunner
runs = ActionRunner(pathlib.Path({str(code)!r}), "function.handler", environment={{}})
asyncio.run(runs.invoke({{"pids": {str(tmp_path / "pids")!r}}}, function_name="f", function_arn="a", request_id="r"))
"""
    environment = {**os.environ, "TMPDIR": str(homes)}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", caller, env=environment)
    await eventually((tmp_path / "pids.whole").exists)
    pids = [int(pid) for pid in (tmp_path / "pids.whole").read_text().split()]
    assert all(runs_still(pid) for pid in pids)
    process.kill()
    await process.wait()
    await all_gone(pids)
    await eventually(lambda: list(homes.iterdir()) == [])


async def test_nothing_is_left_when_the_keeper_is_killed_and_the_caller_ends(tmp_path: Path) -> None:
    code = write(
        tmp_path / "code",
        """
        import os, time
        def handler(event, context):
            with open(event["pids"], "w") as file:
                file.write(f"{os.getpid()} {os.getppid()}")
            os.rename(event["pids"], event["pids"] + ".whole")
            time.sleep(3600)
        """,
    )
    pids = tmp_path / "pids"
    caller = f"""
import asyncio, os, pathlib, signal
from travel_tui.action_runner import ActionRunner
async def main():
    runs = ActionRunner(pathlib.Path({str(code)!r}), "function.handler", environment={{}})
    names = dict(function_name="f", function_arn="a", request_id="r")
    call = asyncio.create_task(runs.invoke({{"pids": {str(pids)!r}}}, **names))
    while not pathlib.Path({str(pids) + ".whole"!r}).exists():
        await asyncio.sleep(0.01)
    worker, keeper = map(int, pathlib.Path({str(pids) + ".whole"!r}).read_text().split())
    os.kill(keeper, signal.SIGKILL)
    call.cancel()
asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", caller)
    assert await process.wait() == 0
    await all_gone([int(pid) for pid in (tmp_path / "pids.whole").read_text().split()])
