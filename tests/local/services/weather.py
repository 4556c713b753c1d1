"""An agent that can tell the weather: another than the travel agent, with a function and a Lambda of its own."""

from __future__ import annotations

import uuid
from contextlib import closing
from typing import Any

from tests.endpoint import text_of
from tests.local.services.clients import ACCOUNT, Aws

WEATHER = """
def handler(event, context):
    given = {p['name']: p['value'] for p in event['parameters']}
    print('asked for', given)
    body = f"It will be sunny in {given.get('city')} on {given.get('date')}, says station {event['agent']['name']}."
    return {
        'messageVersion': '1.0',
        'response': {
            'actionGroup': event['actionGroup'],
            'function': event['function'],
            'functionResponse': {'responseBody': {'TEXT': {'body': body}}},
        },
    }
"""
FUNCTIONS = {
    "functions": [
        {
            "name": "get_weather",
            "description": "get the weather forecast of a city for a day",
            "parameters": {
                "city": {"description": "the city", "type": "string", "required": True},
                "date": {"description": "the day in the format YYYY-MM-DD", "type": "string", "required": True},
            },
        }
    ]
}


def group(aws: Aws, agent: str, arn: str, name: str = "Weather", **more: Any) -> dict[str, Any]:
    """A new action group."""
    asked = {"actionGroupExecutor": {"lambda": arn}, "functionSchema": FUNCTIONS, **more}
    made = aws.bedrock_agent.create_agent_action_group(
        agentId=agent, agentVersion="DRAFT", actionGroupName=name, **asked
    )
    return dict(made["agentActionGroup"])


def allow(aws: Aws, function: str, agent: str) -> None:
    aws.lambda_.add_permission(
        FunctionName=function,
        StatementId=f"agent-{agent}",
        Action="lambda:InvokeFunction",
        Principal="bedrock.amazonaws.com",
        SourceAccount=ACCOUNT,
        SourceArn=f"arn:aws:bedrock:{aws.region}:{ACCOUNT}:agent/{agent}",
    )


def say(aws: Aws, agent: str, text: str, alias: str = "TSTALIASID", session: str | None = None, **more: Any) -> str:
    asked = {"agentId": agent, "agentAliasId": alias, "sessionId": session or uuid.uuid4().hex, "inputText": text}
    with closing(aws.bedrock_agent_runtime.invoke_agent(**asked, **more)["completion"]) as events:
        return text_of(list(events))


def prepare(aws: Aws, agent: str) -> None:
    assert aws.bedrock_agent.prepare_agent(agentId=agent)["agentStatus"] == "PREPARING"
    assert aws.status(agent) == "PREPARED"


def weather_agent(aws: Aws, name: str) -> str:
    """A prepared agent that can tell the weather."""
    agent, function = aws.agent(name), aws.function(f"weather-{name}", WEATHER)
    group(aws, agent, function["FunctionArn"])
    allow(aws, function["FunctionName"], agent)
    prepare(aws, agent)
    return agent
