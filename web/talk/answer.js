/* What comes under the words of an answer once it is whole: whom to call, what is handed on, what it rests on, who made it. */
"use strict";

const LIFELINE = /https:\/\/[^\s]*[^\s.,)]|\b(?:109|119)\b/g; // as content/agents/maeju/guards.yaml names them

function lifeline(address, words) {
  if (address.startsWith("https://")) return make("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, new URL(address).host);
  return make("a", { href: `tel:${address}` }, words.call(address));
}

/* Each number and address that an answer out of care names, as a link. */
function lifelines(content, words) {
  const named = [...new Set(content.match(LIFELINE) || [])];
  return named.length ? [make("ul", { class: "calls" }, ...named.map((address) => make("li", {}, lifeline(address, words))))] : [];
}

const productName = (id, language) => readEntity(id, 0).then((entity) => nameOf(entity, language), () => id);

function handoffCard({ products = [] }, language) {
  const words = WORDS[language];
  const names = make("dd", {}, words.noProducts);
  if (products.length) Promise.all(products.map((id) => productName(id, language))).then((found) => names.replaceChildren(found.join(", ")));
  const list = make("dl", {}, make("dt", {}, words.products), names);
  return make("section", { class: "handoff" }, make("h3", {}, words.handoff), make("p", {}, words.wish), list, make("p", { class: "small" }, words.notOrdered));
}

/* By outcome; most need nothing but their words. */
const FITTING = {
  care: ({ content, language }) => lifelines(content, WORDS[language]),
  handoff: ({ handoff, language }) => (handoff ? [handoffCard(handoff, language)] : []),
  abstain: ({ language }) => [make("p", { class: "note" }, WORDS[language].abstained)],
};

function madeBy({ generator, fallback, language }) {
  const words = WORDS[language];
  return make("p", { class: "by" }, fallback ? words.fallback[fallback] : words.by[generator]);
}

/* The answer as it was recorded takes the place of its pieces. `ask` is what "tell me more" in a graph does. */
function completeAnswer({ turn, words }, reply, ask) {
  turn.lang = reply.language;
  words.textContent = reply.content;
  turn.append(...(FITTING[reply.outcome] || (() => []))(reply));
  if (reply.citations.length) turn.append(citationCards(reply.citations, reply.language, ask));
  turn.append(madeBy(reply));
}
