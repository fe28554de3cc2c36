/* The log: who said what. Each sentence is an element of its own, so that it is read out once, when it comes. */
"use strict";

const log = at("log");

/* kind: said or answer. -> {turn, text, under}: the words, and the place under them, which isn't read out. */
function addTurn(kind) {
  const text = make("div", { class: "text", "data-words": "" });
  const under = make("div", { class: "under", "aria-live": "off" });
  const turn = make("article", { class: `turn ${kind}` }, copy("h2", {}, kind === "said" ? "you" : "maeju"), text, under);
  if (kind === "said") turn.setAttribute("aria-live", "off"); // whoever said it knows
  log.append(turn);
  document.body.classList.add("talking");
  return { turn, text, under, written: "" };
}

/* Puts what comes next behind what is there; an empty line begins a paragraph. */
function write(one, piece) {
  for (const [i, part] of piece.split(/\n{2,}/).entries()) {
    if (i > 0 || !one.text.lastElementChild) one.text.append(make("p"));
    if (part) one.text.lastElementChild.append(make("span", {}, part));
  }
  one.written += piece;
}

/* The words as they were recorded; they stay as they are if they came like that. */
function settle(one, content) {
  if (one.written === content) return;
  one.text.replaceChildren();
  one.written = "";
  write(one, content);
}

function addSaid(message) {
  const said = addTurn("said");
  write(said, message);
  return said;
}

/* A turn of another day. */
function addPast(turn, ask) {
  const said = addTurn("said");
  if (turn.message) write(said, turn.message);
  else said.text.append(copy("p", { class: "erased" }, "erased"));
  const answer = addTurn("answer");
  answer.turn.lang = turn.language;
  if (turn.content) write(answer, turn.content);
  else answer.text.append(copy("p", { class: "erased" }, "erased"));
  if (turn.content) answer.under.append(...underPastAnswer(turn, ask));
}

/* What has been said is put at the top of the window: the answer is read from its beginning. */
const bringUp = ({ turn }) => turn.scrollIntoView({ block: "start" });

/* Nothing that is put in or out is read out. */
function quietly(change) {
  log.setAttribute("aria-live", "off");
  change();
  setTimeout(() => log.setAttribute("aria-live", "polite"));
}
