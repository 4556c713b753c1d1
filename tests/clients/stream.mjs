// Run by node: AWS's SDK for JavaScript reads a streamed answer with its trace.
import { BedrockAgentRuntimeClient, GetAgentMemoryCommand, InvokeAgentCommand } from "@aws-sdk/client-bedrock-agent-runtime";

const client = new BedrockAgentRuntimeClient();
const agent = { agentId: "TRAVELDEMO", agentAliasId: "TSTALIASID" };
const found = { protocol: client.config.requestHandler.metadata.handlerProtocol, pieces: 0, traces: 0, text: "" };

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
const begun = await client.send(new InvokeAgentCommand({ ...agent, sessionId: "left", inputText: "What can you do?", streamingConfigurations: { streamFinalResponse: true } }));
for await (const event of begun.completion) {
  found.left = Object.keys(event);
  break; // the rest of the answer is not wanted
}
await say("hello", { sessionId: "left" });
console.log(JSON.stringify(found));
