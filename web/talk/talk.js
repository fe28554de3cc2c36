/* The conversation: what is typed goes up, what comes back is shown as it comes. */
"use strict";

const MESSAGE_MAX = 2000; // characters, as api/agents.yaml has it
const COUNTED_FROM = 1800;
const ENDED_UNSAID = 410; // a turn that was stopped before anything was said
const form = at("composer");
const box = at("message");

let session = recall("session", "sessionStorage") || newId();
let coming = null; // AbortController of the answer that is on its way, and its turn
let pending = null; // {turn, timer}: what failed, and when it is sent again

/* A quiet line under the conversation, announced when it changes. */
function mention(key, ...details) {
  if (at("aside").dataset.text !== key) recopy(at("aside"), key, ...details);
}

/* --- a message before it is sent */

/* What no text holds (a NUL, half a character) is left out: the server would refuse it. */
const typed = () => box.value.replaceAll("\0", "").toWellFormed().trim();

const characters = (text) => (text.length < COUNTED_FROM ? text.length : [...text].length);

function showCount() {
  const count = characters(typed());
  const tooLong = count > MESSAGE_MAX;
  box.setAttribute("aria-invalid", String(tooLong));
  recopy(at("count"), tooLong ? "tooLong" : count > COUNTED_FROM ? "count" : "", count, MESSAGE_MAX);
  return tooLong;
}

/* --- an answer */

function setBusy(busy) {
  form.setAttribute("aria-busy", String(busy));
  named(at("send"), busy ? "stop" : "send");
}

/* Draws what comes of a turn. Throws what went wrong. */
async function receive(turn, answer) {
  coming = Object.assign(new AbortController(), { turn });
  setBusy(true);
  try {
    await converse(turn, session, (event, data) => {
      if (event === "meta") {
        answer.turn.lang = data.language;
        if (recall("session", "sessionStorage") !== session) happened("talk.started", { agent: "maeju" });
        keep("session", session, "sessionStorage");
      } else if (event === "delta") {
        write(answer, data.text);
      } else if (event === "done") {
        settle(answer, data.content);
        answer.under.replaceChildren(...(data.interrupted ? [stoppedNote()] : []), ...underAnswer(data, say));
      }
      mention({ lost: "lost", tool: "lookingUp" }[event] || "");
    }, coming.signal);
  } finally {
    coming = null;
    mention("");
    setBusy(false);
    answer.turn.classList.remove("coming");
  }
}

const stoppedNote = (...more) => make("p", { class: "note" }, copy("span", {}, "stopped"), ...more);

/* Ends the turn at the server, whose last event then comes as ever. Where that can't be told, it is watched no longer. */
async function stop() {
  const { turn } = coming;
  try {
    await asked(ofGuest(`/turns/${turn.id}`), { method: "DELETE" });
  } catch {
    if (coming?.turn === turn) coming.abort();
  }
}

/* It goes on at the server, and can be seen whenever it is wanted. */
function showStopped(turn, answer) {
  const rest = press(copy("button", { type: "button", class: "plain" }, "rest"), () => {
    if (coming) return;
    box.focus();
    follow(turn, answer);
  });
  answer.under.replaceChildren(stoppedNote(" ", rest));
}

async function follow(turn, answer, said) {
  answer.turn.classList.add("coming");
  answer.under.replaceChildren();
  try {
    await receive(turn, answer);
  } catch (error) {
    if (error.status === ENDED_UNSAID) return answer.under.replaceChildren(stoppedNote());
    if (error.name === "AbortError") return showStopped(turn, answer);
    if (!said) return showStopped(turn, answer);
    said.turn.remove();
    answer.turn.remove();
    if (!log.childElementCount) document.body.classList.remove("talking");
    offerAgain(turn, error);
  }
}

function say(message, turn = newTurn(message)) {
  if (coming) return;
  forgetPending();
  const said = addSaid(message);
  const answer = addTurn("answer");
  bringUp(said);
  follow(turn, answer, said);
}

/* --- what failed: it waits in the text box, and is sent again under the same id: it counts once */

const BUSY = { 429: "limited", 503: "busy" };
const WAIT_MAX_S = 60;

function whyFailed(error) {
  if (!(error instanceof Refused)) return navigator.onLine ? "unreachable" : "offline";
  if (BUSY[error.status] && waitOf(error)) return BUSY[error.status];
  return error.status < 500 ? "refused" : "broken";
}

const waitOf = ({ retryAfter = 0 }) => (retryAfter <= WAIT_MAX_S ? retryAfter : 0);

function forgetPending() {
  clearInterval(pending?.timer);
  pending = null;
  at("failure").hidden = true;
  at("countdown").textContent = "";
  recopy(at("status"), "");
  at("reason").textContent = "";
}

function sendPending() {
  if (!pending || coming) return;
  const { turn } = pending;
  if (typed() === turn.message) box.value = "";
  showCount();
  say(turn.message, turn);
}

/* Counts down, unless something else is typed meanwhile. */
function sendIn(seconds) {
  let left = seconds;
  const tick = () => {
    at("countdown").textContent = ` (${left})`;
    if (left-- <= 0) sendPending();
  };
  tick();
  pending.timer = setInterval(tick, 1000);
}

function offerAgain({ id, message }, error) {
  if (!box.value) box.value = message;
  showCount();
  pending = { turn: newTurn(message, error.status === 409 ? newId() : id) };
  at("failure").hidden = false;
  recopy(at("status"), `failures.${whyFailed(error)}`);
  at("reason").textContent = ["refused", "broken"].includes(whyFailed(error)) && error instanceof Refused ? error.message : "";
  if (waitOf(error)) sendIn(waitOf(error));
  if (box.value === message) box.focus();
}

/* --- the controls */

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (coming) return stop();
  const message = typed();
  if (!message || showCount()) return;
  if (pending?.turn.message === message) return sendPending();
  box.value = "";
  showCount();
  say(message);
});

box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return; // Enter also ends a Hangul syllable
  event.preventDefault();
  if (!coming) form.requestSubmit();
});

box.addEventListener("input", () => {
  showCount();
  if (pending && typed() !== pending.turn.message) clearInterval(pending.timer);
});

/* Escape ends the answer. */
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && coming && !document.querySelector("dialog[open]")) stop();
});

press(at("again"), sendPending);

window.addEventListener("online", sendPending);

press(at("language"), () => {
  language = language === "ko" ? "en" : "ko";
  keep("language", language);
  showLanguage();
});
