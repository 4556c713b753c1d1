// Run by node: AWS's SDK for JavaScript reads a streamed answer with its trace.
import { BedrockAgentRuntimeClient, GetAgentMemoryCommand, InvokeAgentCommand } from "@aws-sdk/client-bedrock-agent-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";

const client = new BedrockAgentRuntimeClient({
  endpoint: process.argv[2],
  region: "us-east-1",
  requestHandler: new NodeHttpHandler(), // without it this SDK speaks HTTP/2 alone, and the endpoint HTTP/1.1
});
const agent = { agentId: "TRAVELDEMO", agentAliasId: "TSTALIASID" };
const found = { pieces: 0, traces: 0, text: "" };

async function say(inputText, more = {}) {
  const answer = await client.send(new InvokeAgentCommand({ ...agent, sessionId: "node", memoryId: "node", inputText, ...more }));
  for await (const event of answer.completion) {
    if (event.chunk) {
      found.pieces += 1;
      found.text += new TextDecoder().decode(event.chunk.bytes);
    } else if (event.trace) {
      found.traces += event.trace.eventTime instanceof Date ? 1 : 0;
    }
  }
}

await say("My name is Edda. What can you do?", {
  enableTrace: true,
  streamingConfigurations: { streamFinalResponse: true },
});
await say("end", { endSession: true });
for (let waited = 0; waited < 200 && !found.summary; waited += 1) {
  const memory = await client.send(new GetAgentMemoryCommand({ ...agent, memoryId: "node", memoryType: "SESSION_SUMMARY" }));
  found.summary = memory.memoryContents[0]?.sessionSummary.summaryText;
}
try {
  await say("hello", { agentId: "NOSUCHONE1" });
} catch (error) {
  found.error = error.name;
}
console.log(JSON.stringify(found));
