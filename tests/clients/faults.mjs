// Run by node: what AWS's SDK for JavaScript says of an answer that is dropped, and of one with a broken event.
import { BedrockAgentRuntimeClient, InvokeAgentCommand } from "@aws-sdk/client-bedrock-agent-runtime";

const client = new BedrockAgentRuntimeClient({ maxAttempts: 1 });
const found = [];

for (let turn = 0; turn < 4; turn += 1) {
  const said = { events: 0 };
  try {
    const answer = await client.send(
      new InvokeAgentCommand({
        agentId: "TRAVELDEMO",
        agentAliasId: "TSTALIASID",
        sessionId: `faults-${turn}`,
        inputText: "What can you do?",
        streamingConfigurations: { streamFinalResponse: true },
      }),
    );
    for await (const event of answer.completion) {
      said.events += event.chunk ? 1 : 0;
    }
  } catch (error) {
    said.error = `${error.name}: ${error.message}`;
  }
  found.push(said);
}
console.log(JSON.stringify(found));
