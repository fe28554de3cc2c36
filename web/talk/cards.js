/* What an answer rests on: a card for each entity that was cited, which opens to its sources and neighbours. */
"use strict";

const ENTITY = "/api/v1/world-model/entity/";
const NEIGHBOURS = 8;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const kindOf = (label, language) => (KINDS[label] || { [language]: label })[language];

/* "Publisher, Title, URL" -> a link named by what stands before the address. */
function sourceItem(source) {
  const at = source.search(/https?:\/\/\S+$/);
  if (at < 0) return make("li", {}, source);
  const address = source.slice(at);
  const name = source.slice(0, at).replace(/,\s*$/, "") || address;
  return make("li", {}, make("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, name), " ", make("span", { class: "small" }, address));
}

function section(title, list) {
  return [make("h4", {}, title), list];
}

async function neighboursOf(id, language, ask) {
  const response = await fetch(`${ENTITY}${encodeURIComponent(id)}?limit=${NEIGHBOURS}`);
  if (!response.ok) return null;
  const { neighbours } = await response.json();
  const seen = new Map(neighbours.filter((near) => near.label !== "User").map((near) => [near.id, near]));
  const buttons = [...seen.values()].map((near) => {
    const button = make("button", { type: "button" }, near.name);
    button.addEventListener("click", () => ask(WORDS[language].ask(near.name)));
    return make("li", {}, button);
  });
  return buttons.length ? make("ul", { class: "near" }, ...buttons) : null;
}

function citationCard(citation, language, ask) {
  const words = WORDS[language];
  const summary = make("summary", {}, make("span", { class: "name" }, citation.name), make("span", { class: "kind" }, kindOf(citation.label, language)));
  if (citation.sample) summary.append(make("span", { class: "badge" }, words.sample));
  const sources = citation.sources.length ? make("ul", {}, ...citation.sources.map(sourceItem)) : make("p", {}, words.noSource);
  const inside = make("div", { class: "inside" }, make("p", {}, citation.summary));
  if (citation.sample) inside.append(make("p", { class: "small" }, words.sampleNote));
  inside.append(...section(words.sources, sources));

  const card = make("details", { "data-citation": citation.id }, summary, inside);
  card.addEventListener("toggle", async () => {
    const near = await neighboursOf(citation.id, language, ask).catch(() => null);
    if (near) inside.append(...section(words.near, near));
    card.scrollIntoView({ block: "nearest" });
  }, { once: true });
  return card;
}

function citationCards(citations, language, ask) {
  return make("div", { class: "cited" }, make("h3", {}, WORDS[language].cited), ...citations.map((citation) => citationCard(citation, language, ask)));
}
