/* The conversation: what is said goes up, what comes back is shown as it comes. */
"use strict";

const at = (id) => document.getElementById(id);
const form = at("composer");
const box = at("message");
const log = at("log");
let language = recall("language") in WORDS ? recall("language") : navigator.language.startsWith("ko") ? "ko" : "en";

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const kept = (key, storage) => recall(key, storage) || keep(key, newId(), storage);

const guest = () => `guest-${kept("guest", "localStorage")}`;

function showLanguage() {
  const words = WORDS[language];
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = words[element.dataset.text];
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", words[element.dataset.label]);
  box.placeholder = words.hint;
  at("language").textContent = words.otherLanguage;
  at("language").lang = language === "ko" ? "en" : "ko";
  at("starters").replaceChildren(...words.starters.map((question) => {
    const button = make("button", { type: "button" }, question);
    button.addEventListener("click", () => say(question));
    return make("li", {}, button);
  }));
}

function addTurn(kind, who, text) {
  const words = make("p", { class: "text" }, text);
  const turn = make("article", { class: `turn ${kind}` }, make("h2", {}, who), words);
  log.append(turn);
  turn.scrollIntoView({ block: "nearest" });
  return { turn, words };
}

function whatFailed(error) {
  const words = WORDS[language];
  return error instanceof Refused ? `${words.failed} ${error.message}` : words.offline;
}

/* The stream of one answer, drawn into its turn. Throws what went wrong, if the server said so. */
async function showAnswer(message, answer) {
  let problem = null;
  await converse({ user_id: guest(), session_id: kept("session", "sessionStorage"), message }, (event, data) => {
    if (event === "error") problem = new Refused(data.detail);
    else if (event === "lost" || event === "tool") mention(WORDS[language][event === "lost" ? "lost" : "lookingUp"]);
    else mention("");
    if (event === "meta") answer.turn.lang = data.language;
    if (event === "delta") answer.words.append(data.text);
    if (event === "done") completeAnswer(answer, data, say);
  });
  if (problem) throw problem;
}

/* A quiet line under the conversation, announced when it changes. */
function mention(text) {
  if (at("aside").textContent !== text) at("aside").textContent = text;
}

function setBusy(turn, busy) {
  turn.setAttribute("aria-busy", String(busy));
  at("send").disabled = busy;
}

/* What failed goes back to the text box, unless something else is there by now: Enter sends it again. */
function offerAgain(message, error) {
  if (!box.value) box.value = message;
  at("status").textContent = whatFailed(error);
  at("again").hidden = false;
  at("again").onclick = () => {
    if (box.value === message) box.value = "";
    say(message);
  };
  if (box.value === message) box.focus();
}

async function say(message) {
  if (at("send").disabled) return;
  document.body.classList.add("talking");
  at("status").textContent = "";
  at("again").hidden = true;
  const said = addTurn("said", WORDS[language].you, message);
  const answer = addTurn("answer", WORDS[language].maeju, "");
  setBusy(answer.turn, true);
  try {
    await showAnswer(message, answer);
  } catch (error) {
    said.turn.remove();
    answer.turn.remove();
    offerAgain(message, error);
  } finally {
    mention("");
    setBusy(answer.turn, false);
    answer.turn.scrollIntoView({ block: "nearest" });
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const message = box.value.trim();
  if (!message || at("send").disabled) return;
  box.value = "";
  say(message);
});

box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return; // Enter also ends a Hangul syllable
  event.preventDefault();
  form.requestSubmit();
});

at("language").addEventListener("click", () => {
  language = language === "ko" ? "en" : "ko";
  keep("language", language);
  showLanguage();
});

at("adult").addEventListener("click", () => {
  keep("adult", "yes");
  at("gate").close();
});

at("minor").addEventListener("click", () => {
  at("gate-refused").textContent = WORDS[language].gateRefused;
});

/* Escape, or what a browser makes of it, is not an answer. */
at("gate").addEventListener("close", askForAge);

function askForAge() {
  if (recall("adult") === "yes") box.focus();
  else at("gate").showModal();
}

showLanguage();
askForAge();
