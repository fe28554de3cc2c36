"""The peer of a talk: the specification's own stack, FastAPI in two workers, LangGraph, ChatOpenAI. Its checkpoints are
in memory, and it retrieves nothing: the work is the graph, the prompt, the streamed call of the model and the events.

    LLM_URL=http://127.0.0.1:9000/v1 uvicorn peer:app --workers 2
"""

import json
import os
from typing import Annotated, TypedDict

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from pydantic import BaseModel

PERSONA = "You are Maeju (매주), a wise and warm AI storyteller for NERDX, a Korean craft alcohol brand."
PURCHASE = ("buy", "order", "ship", "price")
HANDOFF = "I'd love to introduce you to my colleague Joon, our concierge. He can help you bring these flavors home."

app = FastAPI()
model = ChatOpenAI(model="bench", base_url=os.environ["LLM_URL"], api_key="none", streaming=True)


class State(TypedDict):
    messages: Annotated[list, add_messages]


class Chat(BaseModel):
    user_id: str
    session_id: str
    message: str


def route(state):
    words = state["messages"][-1].content.lower().split()
    return "handoff" if any(word in PURCHASE for word in words) else "answer"


async def answer(state):
    return {"messages": [await model.ainvoke([SystemMessage(PERSONA), *state["messages"][-20:]])]}


async def handoff(state):
    return {"messages": [("ai", HANDOFF)]}


graph = StateGraph(State)
graph.add_node("answer", answer)
graph.add_node("handoff", handoff)
graph.add_conditional_edges(START, route)
graph.add_edge("answer", END)
graph.add_edge("handoff", END)
maeju = graph.compile(checkpointer=InMemorySaver())


def event(name, data):
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def turn(chat):
    config = {"configurable": {"thread_id": f"{chat.user_id}/{chat.session_id}"}}
    said = {"messages": [HumanMessage(chat.message)]}
    async for piece, _ in maeju.astream(said, config, stream_mode="messages"):
        if piece.content:
            yield event("delta", {"text": piece.content})
    yield event("done", {"session_id": chat.session_id})


@app.post("/api/v1/agents/maeju/chat")
async def chat(body: Chat):
    return StreamingResponse(turn(body), media_type="text/event-stream")


@app.get("/healthz")
async def healthz():
    return {"status": "ok"}
