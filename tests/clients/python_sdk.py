# mypy: ignore-errors
"""Run by Python 3.12 or newer: AWS's SDK for Python that is not boto3 reads a streamed answer with its trace."""

import asyncio

from aws_sdk_bedrock_agent_runtime.client import AsyncBedrockAgentRuntimeClient
from aws_sdk_bedrock_agent_runtime.models import (
    InvokeAgentInput,
    ResponseStreamChunk,
    ResponseStreamTrace,
    StreamingConfigurations,
)


async def main() -> None:
    """Talk once."""
    asked = InvokeAgentInput(
        agent_id="TRAVELDEMO",
        agent_alias_id="TSTALIASID",
        session_id="python-sdk",
        input_text="My name is Edda. What can you do?",
        enable_trace=True,
        streaming_configurations=StreamingConfigurations(stream_final_response=True),
    )
    pieces, traces = [], 0
    async with AsyncBedrockAgentRuntimeClient() as client, await client.invoke_agent(asked) as answer:
        async for event in answer.output_stream:
            if isinstance(event, ResponseStreamChunk):
                pieces.append(event.value.bytes_.decode())
            traces += isinstance(event, ResponseStreamTrace)
    print("answered", "".join(pieces).replace("\n", " "))
    print("pieces", len(pieces))
    print("traces", traces)


asyncio.run(main())
