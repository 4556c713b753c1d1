// Run by node: an agent with a function of its own, made with AWS's SDK for JavaScript. Arguments: the function's code, zipped.
import { readFileSync } from "node:fs";
import { IAMClient, CreateRoleCommand } from "@aws-sdk/client-iam";
import { LambdaClient, AddPermissionCommand, CreateFunctionCommand, InvokeCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { BedrockAgentClient, CreateAgentActionGroupCommand, CreateAgentCommand, GetAgentCommand, PrepareAgentCommand } from "@aws-sdk/client-bedrock-agent";
import { BedrockAgentRuntimeClient, InvokeAgentCommand } from "@aws-sdk/client-bedrock-agent-runtime";

const iam = new IAMClient();
const functions = new LambdaClient();
const agents = new BedrockAgentClient();
const runtime = new BedrockAgentRuntimeClient();
const found = { protocols: Object.fromEntries([iam, functions, agents, runtime].map((client) => [client.config.serviceId, client.config.requestHandler.metadata.handlerProtocol])) };

async function role(name, service) {
  const Statement = [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }];
  const document = JSON.stringify({ Version: "2012-10-17", Statement });
  return (await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: document }))).Role.Arn;
}

async function until(agentId, status) {
  while ((await agents.send(new GetAgentCommand({ agentId }))).agent.agentStatus !== status) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const { FunctionArn } = await functions.send(new CreateFunctionCommand({
  FunctionName: "node-weather",
  Runtime: "python3.12",
  Handler: "weather.lambda_handler",
  Role: await role("node-function", "lambda.amazonaws.com"),
  Code: { ZipFile: readFileSync(process.argv[2]) },
}));
await waitUntilFunctionActiveV2({ client: functions, maxWaitTime: 30 }, { FunctionName: "node-weather" });

const { agent } = await agents.send(new CreateAgentCommand({
  agentName: "node-weather",
  foundationModel: "us.amazon.nova-pro-v1:0",
  instruction: "You are an agent that tells people about the weather in any city.",
  agentResourceRoleArn: await role("node-agent", "bedrock.amazonaws.com"),
}));
await until(agent.agentId, "NOT_PREPARED");
await agents.send(new CreateAgentActionGroupCommand({
  agentId: agent.agentId,
  agentVersion: "DRAFT",
  actionGroupName: "weather",
  actionGroupExecutor: { lambda: FunctionArn },
  functionSchema: { functions: [{ name: "get_weather", description: "get the weather in a city", parameters: { city: { type: "string", description: "the city", required: true } } }] },
}));
await functions.send(new AddPermissionCommand({
  FunctionName: "node-weather",
  StatementId: "agent",
  Action: "lambda:InvokeFunction",
  Principal: "bedrock.amazonaws.com",
  SourceArn: agent.agentArn,
}));
await agents.send(new PrepareAgentCommand({ agentId: agent.agentId }));
await until(agent.agentId, "PREPARED");

const answer = await runtime.send(new InvokeAgentCommand({ agentId: agent.agentId, agentAliasId: "TSTALIASID", sessionId: "node-agent", inputText: "What is the weather in Lisbon?" }));
found.text = "";
for await (const event of answer.completion) {
  found.text += event.chunk ? new TextDecoder().decode(event.chunk.bytes) : "";
}
console.log(JSON.stringify(found));
