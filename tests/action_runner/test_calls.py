"""What a caller gets from a function that works."""

from __future__ import annotations

import asyncio
import os
import zipfile
from pathlib import Path

import pytest

from tests.action_runner.conftest import ARN, ECHO, REQUEST, Make, call


async def test_a_call_gives_what_the_function_returned_and_printed(make: Make) -> None:
    told: list[str] = []
    runs = make(ECHO, log=told.append)
    outcome = await call(runs, {"name": "Zoë", "amount": 1.5})
    assert outcome.error is None
    assert outcome.payload["event"] == {"name": "Zoë", "amount": 1.5}
    assert outcome.log == "called with ['amount', 'name']\n"
    assert told == [outcome.log]
    assert outcome.duration_ms > 0


async def test_the_process_is_kept_between_calls(make: Make) -> None:
    runs = make(ECHO)
    await runs.warm()
    outcomes = [await call(runs) for _ in range(3)]
    assert [outcome.payload["calls"] for outcome in outcomes] == [1, 2, 3]
    assert len({outcome.payload["pid"] for outcome in outcomes}) == 1


async def test_code_may_be_a_zip_file_with_modules_in_folders(make: Make, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as bundle:
        bundle.writestr("helper.py", "def word():\n    return open('word.txt').read()")
        bundle.writestr("word.txt", "zipped")
        bundle.writestr("src/app.py", "import helper\ndef run(event, context):\n    return helper.word()")
    assert (await call(make(tmp_path / "code.zip", "src/app.run"))).payload == "zipped"


async def test_calls_wait_for_each_other_in_the_order_they_came(make: Make) -> None:
    runs = make(ECHO)
    outcomes = await asyncio.gather(*(call(runs, {"number": number}) for number in range(8)))
    assert [outcome.payload["calls"] for outcome in outcomes] == list(range(1, 9))
    assert [outcome.payload["event"]["number"] for outcome in outcomes] == list(range(8))


async def test_the_context_says_who_is_called_and_how_long_it_may_take(make: Make) -> None:
    runs = make(
        """
        import os
        def handler(event, context):
            return [context.function_name, context.invoked_function_arn, context.aws_request_id,
                    os.environ["AWS_LAMBDA_FUNCTION_NAME"], context.get_remaining_time_in_millis()]
        """,
        timeout_s=30,
    )
    *names, remaining = (await call(runs)).payload
    assert names == ["trips", ARN, REQUEST, "trips"]
    assert 0 < remaining <= 30_000


async def test_the_environment_is_clean_and_without_the_callers_credentials(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = Path(os.environ["HOME"]) / ".aws" / "credentials"
    credentials.parent.mkdir()
    credentials.write_text("[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret\n")
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_PROFILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "API_TOKEN",
    ):
        monkeypatch.setenv(name, str(credentials))
    runs = make(
        """
        import os, boto3
        def handler(event, context):
            return dict(os.environ), boto3.Session().get_credentials() is None, os.getcwd()
        """,
        environment={
            "BOOKINGS_TABLE": "bookings",
            "AWS_REGION": "eu-west-1",
            "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
        },
    )
    outcome = await call(runs)
    environment, without_credentials, folder = outcome.payload
    assert without_credentials
    assert {"AWS_ACCESS_KEY_ID", "AWS_PROFILE", "API_TOKEN"}.isdisjoint(environment)
    assert environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert environment["BOOKINGS_TABLE"] == "bookings"
    assert environment["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert environment["TZ"] == "UTC"
    assert environment["HOME"] != os.environ["HOME"]
    assert folder == environment["LAMBDA_TASK_ROOT"]


async def test_the_log_has_all_that_was_printed_by_whom_ever_and_of_much_the_end(make: Make) -> None:
    runs = make(
        r"""
        import os, subprocess, sys
        print("loading")
        def handler(event, context):
            for _ in range(event.get("lines", 0)):
                print("x" * 1023)
            print("to stdout, \ud800")
            print("to stderr", file=sys.stderr)
            subprocess.run(["echo", "from a child"])
            os.write(1, b"\xff the end")
        """
    )
    assert (await call(runs)).log == "loading\nto stdout, \\ud800\nto stderr\nfrom a child\n\ufffd the end"
    log = (await call(runs, {"lines": 2000})).log
    assert len(log) <= 256 * 1024
    assert log.endswith("from a child\n\ufffd the end")
    assert log.count("\n") > 200


async def test_reading_standard_input_does_not_hang(make: Make) -> None:
    assert (await call(make("import sys\ndef handler(event, context): return sys.stdin.read()"))).payload == ""


async def test_the_projects_own_lambda_books_and_changes_a_trip(make: Make, tmp_path: Path) -> None:
    code = Path(__file__).parents[2] / "lambda"
    runs = make(
        code,
        "lambda_function.lambda_handler",
        environment={"BOOKINGS_DB": str(tmp_path / "bookings"), "BOOKINGS_SEED": "1"},
    )

    async def body(function: str, **values: str) -> str:
        parameters = [{"name": name, "type": "string", "value": value} for name, value in values.items()]
        outcome = await call(runs, {"actionGroup": "trips", "function": function, "parameters": parameters})
        return str(outcome.payload["response"]["functionResponse"]["responseBody"]["TEXT"]["body"])

    dates = {"start_date": "2027-07-11", "end_date": "2027-07-22"}
    booked = await body("book_trip", origin="Boston", destination="NYC", transportation_mode="AIR", **dates)
    changed = await body(
        "update_existing_trip_dates", booking_id=booked[-8:], new_start_date="2027-07-11", new_end_date="2027-07-23"
    )
    assert changed == f"Changed: booking {booked[-8:]} is now Boston to NYC, 2027-07-11 to 2027-07-23, by AIR."
