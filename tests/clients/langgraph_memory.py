# mypy: ignore-errors
"""Run in the clients' own environment: LangGraph keeps its checkpoints as events, and what was said as memory."""

import sys
import time

from langchain_core.messages import AIMessage, HumanMessage
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph_checkpoint_aws import AgentCoreMemorySaver, AgentCoreMemoryStore

(memory_id,) = sys.argv[1:]
saver = AgentCoreMemorySaver(memory_id, region_name="us-east-1")
memory = AgentCoreMemoryStore(memory_id=memory_id, region_name="us-east-1")
place = {"configurable": {"thread_id": "thread", "actor_id": "lang"}}


def answer(state, config, *, store):
    """Keep the message and answer with what is remembered."""
    message = state["messages"][-1]
    store.put(("lang", "thread"), str(len(state["messages"])), {"message": message})
    found = store.search(("facts", "lang"), query=message.content, limit=1)
    return {"messages": [AIMessage(f"of {len(state['messages'])}: {[each.value['content'] for each in found]}")]}


graph = StateGraph(MessagesState)
graph.add_node("answer", answer)
graph.add_edge(START, "answer")
graph.add_edge("answer", END)
app = graph.compile(checkpointer=saver, store=memory)


def say(text):
    """The last message of a turn."""
    return app.invoke({"messages": [HumanMessage(text)]}, place)["messages"][-1].content


say("I am allergic to penicillin.")
while not memory.search(("facts", "lang"), query="allergic", limit=1):
    time.sleep(0.1)
print(say("What am I allergic to?"))
print(len(list(saver.list(place))))
saver.delete_thread("thread", "lang")
print(len(list(saver.list(place))))
