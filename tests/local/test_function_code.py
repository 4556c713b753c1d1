"""Lambda code that was uploaded: whatever it does, the endpoint goes on, and what is the user's stays the user's."""

from __future__ import annotations

import io
import json
import os
import textwrap
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.endpoint import AGENT, RunningEndpoint, client_at, running_endpoint
from tests.local.agents import changed
from tests.parts import in_part

BOOKING = "Book a flight from Boston to Paris, 2027-09-01 to 2027-09-08"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
NASTY = {
    "loops": "while True: pass",
    "sleeps": "import time; time.sleep(3600)",
    "takes 10 GB": "held = bytearray(10 * 1024**3); return len(held)",
    "takes 10 GB bit by bit": "held = [bytearray(1 << 24) for _ in range(640)]; return len(held)",
    "exits": "import sys; sys.exit(3)",
    "exits hard": "import os; os._exit(3)",
    "kills its parent": "import os, signal; os.kill(os.getppid(), signal.SIGKILL); import time; time.sleep(3600)",
    "kills its group": "import os, signal; os.killpg(0, signal.SIGKILL)",
    "forks and hangs": """
        import os, time
        for _ in range(20):
            if os.fork() == 0:
                time.sleep(3600)
        time.sleep(3600)
    """,
    "recurses": "import sys; sys.setrecursionlimit(10**9)\nf = lambda: f() + 1\nreturn f()",
    "prints without end": "while True: print('x' * 10_000)",
    "answers a gigabyte": "return 'x' * (1 << 30)",
    "closes all files": "import os; os.closerange(0, 65_536); return 1",
}


def zipped(body: str) -> bytes:
    """A zip file with a handler of this body."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        code = textwrap.indent(textwrap.dedent(body), "    ")
        bundle.writestr("lambda_function.py", f"def lambda_handler(event, context):\n{code}\n")
    return packed.getvalue()


@contextmanager
def lambdas(endpoint: RunningEndpoint) -> Iterator[Any]:
    """A client of the endpoint's Lambda, with a role for its functions."""
    with ExitStack() as stack:
        found = {name: client_at(endpoint.url, endpoint.key, name) for name in ("lambda", "iam")}
        for client in found.values():
            stack.callback(client.close)
        try:
            found["iam"].create_role(RoleName="functions", AssumeRolePolicyDocument=json.dumps(TRUST))
        except found["iam"].exceptions.EntityAlreadyExistsException:
            pass
        yield found["lambda"]


def create(functions: Any, name: str, body: str, **more: Any) -> str:
    """The ARN of a new function."""
    made = functions.create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="lambda_function.lambda_handler",
        Role="arn:aws:iam::123456789012:role/functions",
        Code={"ZipFile": zipped(body)},
        **{"Timeout": 1, **more},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=name)
    return str(made["FunctionArn"])


def invoked(functions: Any, name: str) -> tuple[str | None, Any]:
    """The error and the answer of a function."""
    done = functions.invoke(FunctionName=name, Payload=b"{}")
    return done.get("FunctionError"), json.loads(done["Payload"].read())


@pytest.mark.parametrize("name", in_part(NASTY, 4))
def test_the_endpoint_goes_on_whatever_code_does(endpoint: RunningEndpoint, name: str) -> None:
    with lambdas(endpoint) as functions:
        own = name.replace(" ", "-")
        create(functions, own, NASTY[name])
        error, answer = invoked(functions, own)
        assert error == "Unhandled"
        assert answer["errorType"]
        functions.update_function_code(FunctionName=own, ZipFile=zipped("return 'well again'"))
        functions.get_waiter("function_updated_v2").wait(FunctionName=own)
        assert invoked(functions, own) == (None, "well again")
        assert endpoint.user().say("hello", f"after-{own}")


def test_a_function_that_hangs_fails_the_turn_and_holds_up_nobody() -> None:
    with running_endpoint() as endpoint, lambdas(endpoint) as functions:
        arn = create(functions, "hangs", "while True: pass")
        functions.add_permission(
            FunctionName="hangs", StatementId="agent", Action="lambda:InvokeFunction", Principal="bedrock.amazonaws.com"
        )
        endpoint.do(changed(lambda group: group.update(actionGroupExecutor={"lambda": arn})))
        user = endpoint.user()
        with user.stream(BOOKING, "s-1", enableTrace=True) as events:
            next(events)
            assert user.say("hello", "s-2")
            with pytest.raises(ClientError, match=r"timed out after 1\.00 seconds"):
                list(events)
        assert user.say("hello", "s-1")


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ({}, True),
        ({"SourceAccount": "123456789012"}, True),
        ({"SourceAccount": "999999999999"}, False),
        ({"SourceArn": f"arn:aws:bedrock:us-east-1:123456789012:agent/{AGENT['agentId']}"}, True),
        ({"SourceArn": "arn:aws:bedrock:us-east-1:123456789012:agent/*"}, True),
        ({"SourceArn": "arn:aws:bedrock:us-east-1:123456789012:agent/ANOTHER"}, False),
        ({"Principal": "s3.amazonaws.com"}, False),
        ({"Action": "lambda:GetFunction"}, False),
    ],
)
def test_an_agent_may_invoke_what_its_policy_allows(permission: dict[str, str], allowed: bool) -> None:
    answer = """
        return {"response": {"actionGroup": event["actionGroup"], "function": event["function"], "functionResponse":
            {"responseBody": {"TEXT": {"body": "Booked, the booking id is 12ab34cd."}}}}}
    """
    with running_endpoint() as endpoint, lambdas(endpoint) as functions:
        arn = create(functions, "books", answer)
        asked = {"Action": "lambda:InvokeFunction", "Principal": "bedrock.amazonaws.com", **permission}
        functions.add_permission(FunctionName="books", StatementId="agent", **asked)
        endpoint.do(changed(lambda group: group.update(actionGroupExecutor={"lambda": arn})))
        user = endpoint.user()
        if allowed:
            assert "12ab34cd" in user.say(BOOKING, "s-1")
            functions.remove_permission(FunctionName="books", StatementId="agent")
        with pytest.raises(ClientError, match=f"Access denied while invoking Lambda function {arn}") as error:
            user.say(BOOKING, "s-2")
        assert error.value.response["Error"]["Code"] == "dependencyFailedException"


def test_a_function_sees_none_of_the_users_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-users-own")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "the-users-own")
    monkeypatch.setenv("SOME_TOKEN", "the-users-own")
    with running_endpoint() as endpoint, lambdas(endpoint) as functions:
        create(functions, "looks", "import os; return dict(os.environ)", Environment={"Variables": {"MINE": "1"}})
        error, seen = invoked(functions, "looks")
        assert error is None
        assert seen["MINE"] == "1"
        assert "the-users-own" not in json.dumps(seen)
        assert seen["HOME"] != os.environ["HOME"]


@pytest.mark.parametrize("flags", [{"require_key": True}, {"host": "0.0.0.0"}])
def test_a_locked_endpoint_takes_no_code(flags: dict[str, Any]) -> None:
    with running_endpoint(**flags) as endpoint, lambdas(endpoint) as functions:
        with pytest.raises(ClientError, match="--allow-uploads") as error:
            create(functions, "refused", "return 1")
        assert error.value.response["Error"]["Code"] == "AccessDeniedException"
    with running_endpoint(**flags, allow_uploads=True) as endpoint, lambdas(endpoint) as functions:
        create(functions, "taken", "return 1")
        assert invoked(functions, "taken") == (None, 1)
