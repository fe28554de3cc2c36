/* What an answer rests on: a card for each entity that was cited, which opens to its sources and what it is joined to. */
"use strict";

/* "Publisher, Title, URL" -> a link named by what stands before the address, and whose place it is. */
function sourceItem(source) {
  const at = source.search(/https?:\/\/\S+$/);
  if (at < 0) return make("li", {}, source);
  const address = source.slice(at);
  const name = source.slice(0, at).replace(/,\s*$/, "") || address;
  const link = make("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, name);
  return make("li", {}, link, " ", make("span", { class: "small" }, URL.canParse(address) ? new URL(address).host : address));
}

function insideOf({ summary, sample, sources }) {
  const inside = make("div", { class: "inside" }, make("p", {}, summary));
  if (sample) inside.append(copy("p", { class: "small" }, "sampleNote"));
  inside.append(copy("h4", {}, "sources"));
  inside.append(sources.length ? make("ul", { class: "sources" }, ...sources.map(sourceItem)) : copy("p", {}, "noSource"));
  return inside;
}

function citationCard(citation, ask) {
  const summary = make("summary", { "data-kind": citation.label }, make("span", { class: "name" }, citation.name), copy("span", { class: "kind" }, "kind", citation.label));
  if (citation.sample) summary.append(copy("span", { class: "badge" }, "sample"));
  const inside = insideOf(citation);
  const card = make("details", { "data-citation": citation.id }, summary, inside);
  card.addEventListener("toggle", async () => {
    if (citation.label === "Product") happened("product.viewed", { product_id: citation.id });
    const graph = await graphAround(citation.id, ask).catch(() => null);
    if (graph) inside.append(copy("h4", {}, "near"), ...graph);
    card.scrollIntoView({ block: "nearest" });
  }, { once: true });
  return card;
}

const citationCards = (citations, ask) => make("div", { class: "cited" }, copy("h3", {}, "cited"), make("div", { class: "cards" }, ...citations.map((citation) => citationCard(citation, ask))));

/* Escape closes the card that the focus is in. */
document.addEventListener("keydown", (event) => {
  const card = event.key === "Escape" && event.target.closest("details[open]");
  if (!card) return;
  card.open = false;
  card.querySelector("summary").focus();
  event.stopPropagation();
}, { capture: true });
