// Run by node: AWS's SDK for JavaScript stores an event, reads its records, and reads a harness's stream, over HTTP/1.1.
import {
  BedrockAgentCoreClient,
  CreateEventCommand,
  InvokeHarnessCommand,
  ListEventsCommand,
  RetrieveMemoryRecordsCommand,
} from "@aws-sdk/client-bedrock-agentcore";

const client = new BedrockAgentCoreClient({ endpoint: process.argv[2], region: "us-east-1" });
const id = "travel_demo-TRAVELDEMO";
const actor = { memoryId: id, actorId: "node/actor" };
const found = { kinds: [], text: "" };

const at = new Date("2031-07-11T12:00:00.250Z");
const content = { text: "I am allergic to penicillin." };
const payload = [{ conversational: { role: "USER", content } }, { blob: { state: [1, null] } }];
const made = await client.send(new CreateEventCommand({ ...actor, sessionId: "node", eventTimestamp: at, payload }));
const listed = await client.send(new ListEventsCommand({ ...actor, sessionId: "node" }));
found.sameTime = listed.events[0].eventTimestamp.getTime() === at.getTime();
found.sameId = listed.events[0].eventId === made.event.eventId;
found.blob = listed.events[0].payload[1].blob;

const search = { memoryId: id, namespacePath: "/facts/node/actor/", searchCriteria: { searchQuery: "allergic", topK: 1 } };
for (let waited = 0; waited < 500 && !found.record; waited += 1) {
  const records = await client.send(new RetrieveMemoryRecordsCommand(search));
  found.record = records.memoryRecordSummaries[0]?.content.text;
}

async function invoke(runtimeSessionId) {
  const harnessArn = `arn:aws:bedrock-agentcore:us-east-1:123456789012:harness/${id}`;
  const messages = [{ role: "user", content: [{ text: "What can you do?" }] }];
  const answer = await client.send(new InvokeHarnessCommand({ harnessArn, runtimeSessionId, actorId: "node", messages }));
  for await (const event of answer.stream) {
    found.kinds.push(Object.keys(event)[0]);
    found.text += event.contentBlockDelta?.delta.text ?? "";
    found.stopReason = event.messageStop?.stopReason ?? found.stopReason;
  }
}

await invoke("node-".padEnd(40, "0"));
try {
  await invoke("short"); // this SDK checks no lengths
} catch (error) {
  found.error = [error.name, error.reason];
}
console.log(JSON.stringify(found));
