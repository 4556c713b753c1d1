// Run by node: AWS's SDK for JavaScript aborts an answer after its first event, and ends in the middle of another.
import { BedrockAgentRuntimeClient, InvokeAgentCommand } from "@aws-sdk/client-bedrock-agent-runtime";

const client = new BedrockAgentRuntimeClient();

async function begin(sessionId, abortSignal) {
  const asked = { agentId: "TRAVELDEMO", agentAliasId: "TSTALIASID", inputText: "hello", enableTrace: true, sessionId };
  const answer = await client.send(new InvokeAgentCommand(asked), { abortSignal });
  const events = answer.completion[Symbol.asyncIterator]();
  return Object.keys((await events.next()).value)[0];
}

const abort = new AbortController();
const found = { aborted: await begin("aborted", abort.signal), left: await begin("left") };
abort.abort();
do {
  const state = await (await fetch(`${process.env.AWS_ENDPOINT_URL}/_local/state`)).json();
  found.turns = Object.fromEntries(state.sessions.map((session) => [session.sessionId, session.turns]));
} while (!found.turns.aborted);
console.log(JSON.stringify(found));
process.exit();
