# mypy: ignore-errors
"""Run in the clients' own environment: the two clients of the bedrock-agentcore SDK."""

import sys
import time

import boto3
from bedrock_agentcore.memory import MemoryClient
from bedrock_agentcore.memory.constants import ConversationalMessage, MessageRole
from bedrock_agentcore.memory.session import MemorySessionManager

(url,) = sys.argv[1:]
client = MemoryClient(region_name="us-east-1")
client.gmcp_client = boto3.client("bedrock-agentcore-control", endpoint_url=url)
client.gmdp_client = boto3.client("bedrock-agentcore", endpoint_url=url)
strategies = [{"semanticMemoryStrategy": {"name": "facts", "namespaceTemplates": ["/facts/{actorId}/"]}}]
memory = client.create_memory_and_wait(name="sdk", strategies=strategies, event_expiry_days=30, poll_interval=1)
same = client.create_or_get_memory(name="sdk", strategies=strategies)
print("memory", memory["id"] == same["id"], memory["status"])
for number, (question, answer) in enumerate([("I live in Oslo.", "Noted."), ("I like tea.", "Me too.")]):
    client.create_event(memory["id"], "anna", f"s-{number}", [(question, "USER"), (answer, "ASSISTANT")])
print("wait", client.wait_for_memories(memory["id"], "/facts/anna/", max_wait=30, poll_interval=1))
time.sleep(1)
found = client.retrieve_memories(memory["id"], namespace="/facts/anna/", query="Where does the user live?", top_k=1)
print("found", [record["content"]["text"] for record in found])

manager = MemorySessionManager(memory_id=memory["id"], region_name="us-east-1")
session = manager.create_memory_session(actor_id="ben", session_id="s")
for asked, answered in (("My dog is Rex.", "A fine name."), ("I like chess.", "Me too.")):
    turn = [ConversationalMessage(asked, MessageRole.USER), ConversationalMessage(answered, MessageRole.ASSISTANT)]
    session.add_turns(messages=turn)
print("turns", [[message["content"]["text"] for message in turn] for turn in session.get_last_k_turns(k=1)])
print("actors", [actor["actorId"] for actor in manager.list_actors()])
while not (records := session.search_long_term_memories("dog", namespace_path="/facts/ben/", top_k=1)):
    time.sleep(0.1)
print("searched", records[0]["content"]["text"])
manager.delete_memory_record(records[0]["memoryRecordId"])
print("listed", len(manager.list_long_term_memory_records(namespace_path="/facts/ben/")))
client.delete_memory_and_wait(memory["id"], poll_interval=1)
