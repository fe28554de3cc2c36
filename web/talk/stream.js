/* One turn as server-sent events. The request may drop at any byte: what is left of the turn is then asked for with
 * Last-Event-ID, so that every event is seen once; also from a server that was started again meanwhile. The turn's id is
 * ours: a message whose fate isn't known is sent again under the same id, and counts once. */
"use strict";

const CHAT = `${MAEJU}/chat`;
const turnEvents = (id) => `${MAEJU}/turns/${encodeURIComponent(id)}/events?user_id=${encodeURIComponent(guest())}`;
const RETRIES = { before: 2, within: 6 }; // before the first event, and after it
const RETRY_MS = 400; // doubled each time: 1 s in all before, 25 s within
const EVENTS = { Accept: "text/event-stream" };

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

/* A message on its way, and how far its answer has come. */
const newTurn = (message, id = newId()) => ({ id, message, seen: "0", begun: false, ended: false });

function request(turn, session, signal) {
  if (turn.begun) return send(() => [turnEvents(turn.id), { headers: { ...EVENTS, "Last-Event-ID": turn.seen }, signal }]);
  const body = () => JSON.stringify({ user_id: guest(), session_id: session, turn_id: turn.id, message: turn.message });
  return send(() => [CHAT, { method: "POST", headers: { ...EVENTS, "Content-Type": "application/json" }, body: body(), signal }]);
}

/* A gateway whose server is away says so with a page of its own. */
const isAway = (response) => response.status >= 500 && !(response.headers.get("Content-Type") || "").startsWith("application/problem+json");

/* Calls onEvent(name, data) for each event that wasn't seen yet, and onEvent("lost") when it has to ask again; resolves after
 * `done`. Throws Refused with the server's words, AbortError when it was told to stop, or the network's error when the server can't
 * be reached any more. A turn that was stopped can be gone on with. */
async function converse(turn, session, onEvent, signal) {
  for (let tries = 0; !turn.ended; tries++) {
    try {
      const response = await request(turn, session, signal);
      if (isAway(response) || (turn.begun && response.status >= 500)) throw new Error("a server that is away");
      if (!response.ok) throw await refusalOf(response);
      for await (const { id, event, data } of eventsOf(response)) {
        turn.seen = id;
        turn.begun = true;
        tries = 0;
        turn.ended = event === "done" || event === "error";
        if (event === "error") throw new Refused(data);
        onEvent(event, data);
      }
      if (!turn.ended) throw new Error("the stream ends too early");
    } catch (error) {
      if (error instanceof Refused || error.name === "AbortError" || tries >= RETRIES[turn.begun ? "within" : "before"]) throw error;
      onEvent("lost");
      await pause(RETRY_MS * 2 ** tries);
    }
  }
}

/* The whole reply of a turn that is over. */
async function replyOf(id) {
  const response = await send(() => [turnEvents(id), { headers: EVENTS }]);
  if (!response.ok) throw await refusalOf(response);
  for await (const { event, data } of eventsOf(response)) if (event === "done") return data;
  throw new Error("a turn without its end");
}
