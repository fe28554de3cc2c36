/* One turn as server-sent events. The request may drop at any byte: what is left of the turn is then asked for with
 * Last-Event-ID, so that every event is seen once; also from a server that was started again meanwhile. A message is
 * never sent twice. */
"use strict";

const CHAT = "/api/v1/agents/maeju/chat";
const turnEvents = (turn) => `/api/v1/agents/maeju/turns/${encodeURIComponent(turn)}/events`;
const RETRIES = 6;
const RETRY_MS = 400; // doubled each time: 25 s in all

class Refused extends Error {}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* "id: 3\nevent: delta\ndata: {…}" -> {id, event, data}; null for a comment. */
function parseEvent(block) {
  const fields = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
  }
  return fields.data ? { id: fields.id, event: fields.event, data: JSON.parse(fields.data) } : null;
}

async function* eventsOf(response) {
  const reader = response.body.getReader(); // no pipe: one that breaks throws away what has come already
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + decoder.decode(value, { stream: true })).split("\n\n");
    text = blocks.pop();
    yield* blocks.map(parseEvent).filter(Boolean);
  }
}

async function refusalOf(response) {
  const problem = await response.json().catch(() => ({}));
  return new Refused(problem.detail || `${response.status} ${response.statusText}`);
}

/* Calls onEvent(name, data) for each event, and onEvent("lost") when the rest has to be fetched; resolves after `done` or `error`. Throws Refused with the server's words,
 * or the network's error when it can't be reached any more. */
async function converse(input, onEvent) {
  const headers = { Accept: "text/event-stream" };
  let seen = "0";
  let turn = null;
  let ended = false;
  let tries = 0;

  const follow = async (response) => {
    if (turn && response.status >= 500) throw new Error("a gateway whose server is away");
    if (!response.ok) throw await refusalOf(response);
    for await (const { id, event, data } of eventsOf(response)) {
      seen = id;
      tries = 0;
      if (event === "meta") turn = data.turn_id;
      ended = event === "done" || event === "error";
      onEvent(event, data);
    }
  };
  const first = () =>
    fetch(CHAT, { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(input) });
  const rest = () => fetch(turnEvents(turn), { headers: { ...headers, "Last-Event-ID": seen } });

  while (!ended) {
    try {
      await follow(await (turn ? rest() : first()));
    } catch (error) {
      if (error instanceof Refused || !turn || tries >= RETRIES) throw error;
    }
    if (!ended && (!turn || tries++ >= RETRIES)) throw new Error("the stream ends too early");
    if (ended) return;
    onEvent("lost");
    await pause(RETRY_MS * 2 ** (tries - 1));
  }
}
