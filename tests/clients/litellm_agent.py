# mypy: ignore-errors
"""Run in the clients' own environment: LiteLLM talks to an agent as if it were a model, whole and in pieces."""

import sys

import litellm

url = sys.argv[1]
asked = {
    "model": "bedrock/agent/TRAVELDEMO/TSTALIASID",
    "messages": [{"role": "user", "content": "My name is Edda. What can you do?"}],
    "api_base": url,
}
print("whole", litellm.completion(**asked).choices[0].message.content.replace("\n", " "))
pieces = [each.choices[0].delta.content or "" for each in litellm.completion(**asked, stream=True)]
print("pieces", "".join(pieces).replace("\n", " "))
