"""What to say of a provision that failed: which resource, which call, AWS's own words, and what to do."""

from __future__ import annotations

import json
import re

from provision.agents import is_closed_door
from provision.cloud import CallError
from provision.policies import provision_policy
from provision.resource import FailedStateError, Resource
from provision.spec import Spec
from travel_tui.agent import Cause, Trouble
from travel_tui.bedrock.errors import Place, explain

_DENIED = re.compile(r"to perform: (?P<action>[\w-]+:\w+)")
_ON = re.compile(r"on resource: (?P<arn>arn:\S+)")


class ProvisionError(Exception):
    """A step failed. `closed` says that the account may have no new agents at all."""

    def __init__(self, trouble: Trouble, *, closed: bool = False) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble
        self.closed = closed


def of_call(
    resource: Resource | None, error: CallError, place: Place, again: str, spec: Spec | None = None
) -> ProvisionError:
    """A call that failed while something was done to `resource`; `again` is the command to run once it is mended.

    `spec` is what is built, where there is no resource to ask.
    """
    spec = resource.spec if resource else spec
    known = explain(error.error, place)
    where = f"The {resource.kind} {resource.name}" if resource else "The account"
    what = f"{where}: {error.service}:{error.operation} failed."
    if is_closed_door(error):
        return ProvisionError(
            Trouble(
                Cause.DENIED,
                "AWS creates no new agents for this account.",
                known.why,
                "Use an agent that exists already with `travel-tui connect`, or `travel-tui demo`, which needs no AWS.",
            ),
            closed=True,
        )
    return ProvisionError(Trouble(known.cause, what, known.why, _advice(error, known.cause, place, again, spec)))


def of_state(resource: Resource, error: FailedStateError, again: str) -> ProvisionError:
    """A resource that came to a state which it does not leave."""
    what = f"The {resource.kind} {resource.name} has failed."
    return ProvisionError(Trouble(Cause.SERVICE, what, str(error), f"Mend that, and run {again} again."))


def of_wait(resource: Resource, state: str, waited_s: float, again: str) -> ProvisionError:
    """A resource that did not become ready in time."""
    what = f"The {resource.kind} {resource.name} is not ready."
    why = f"After {waited_s:.0f} s its state is still {state}."
    return ProvisionError(Trouble(Cause.STALLED, what, why, f"Run {again} again: it goes on from here."))


def foreign(found: list[Resource], again: str) -> ProvisionError:
    """Resources of the same names that were not built here."""
    names = ", ".join(f"{each.kind} {each.name}" for each in found)
    advice = f"Choose another --name, or take them over with `{again} --adopt`."
    return ProvisionError(
        Trouble(Cause.CONFLICT, "Some of it exists already and was not built here.", f"{names}.", advice)
    )


def _advice(error: CallError, cause: Cause, place: Place, again: str, spec: Spec | None) -> str:
    if cause is Cause.DENIED:
        return (
            f"{place.who}, and have this statement added: {json.dumps(_missing(error, spec))} "
            f"(`travel-tui provision --print-policy` prints them all). Then run `{again}` again."
        )
    if cause is Cause.CREDENTIALS:
        return f"{place.login} Then run `{again}` again: it goes on from here."
    return f"Run `{again}` again: it goes on from here."


def _missing(error: CallError, spec: Spec | None) -> dict[str, object]:
    """The smallest statement that allows what was denied: by AWS's own words, and what they leave out by the policy."""
    denied, on = _DENIED.search(error.message), _ON.search(error.message)
    action = denied["action"] if denied else error.action
    statement: dict[str, object] = {"Effect": "Allow", "Action": action, "Resource": "*"}
    for known in provision_policy(spec)["Statement"] if spec else ():
        if action in known["Action"]:
            of_policy = known["Resource"]
            statement["Resource"] = of_policy[0] if len(of_policy) == 1 else of_policy
            if "Condition" in known:
                statement["Condition"] = known["Condition"]
    if on:
        statement["Resource"] = on["arn"]
    return statement
