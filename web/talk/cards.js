/* What an answer rests on: a card for each entity that was cited, which opens to its sources and what it is joined to. */
"use strict";

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
    const graph = await graphAround(citation.id, language, ask).catch(() => null);
    if (graph) inside.append(make("h4", {}, words.near), ...graph);
    card.scrollIntoView({ block: "nearest" });
  }, { once: true });
  return card;
}

function citationCards(citations, language, ask) {
  return make("div", { class: "cited" }, make("h3", {}, WORDS[language].cited), ...citations.map((citation) => citationCard(citation, language, ask)));
}
