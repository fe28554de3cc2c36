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

/* The stream of one answer, drawn into its turn. Returns what went wrong, if the server said so. */
async function showAnswer(message, { turn, words }) {
  let problem = null;
  const input = { user_id: `guest-${kept("guest", "localStorage")}`, session_id: kept("session", "sessionStorage"), message };

  await converse(input, (event, data) => {
    if (event === "meta") turn.lang = data.language;
    if (event === "delta") words.append(data.text);
    if (event === "error") problem = new Refused(data.detail);
    if (event === "done") {
      words.textContent = data.content;
      if (data.citations.length) turn.append(citationCards(data.citations, data.language, say));
    }
  });
  if (problem) throw problem;
}

function setBusy(turn, busy) {
  turn.setAttribute("aria-busy", String(busy));
  at("send").disabled = busy;
}

async function say(message) {
  if (at("send").disabled) return;
  document.body.classList.add("talking");
  at("status").textContent = "";
  const said = addTurn("said", WORDS[language].you, message);
  const answer = addTurn("answer", WORDS[language].maeju, "");
  setBusy(answer.turn, true);
  try {
    await showAnswer(message, answer);
  } catch (error) {
    said.turn.remove();
    answer.turn.remove();
    if (!box.value) box.value = message;
    at("status").textContent = whatFailed(error);
  } finally {
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
