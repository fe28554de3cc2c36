/* What comes under the words of an answer once it is whole: whom to call, what is handed on, what it rests on, who made it. */
"use strict";

const LIFELINE = /https:\/\/[^\s]*[^\s.,)]|\b(?:109|119)\b/g; // as content/agents/maeju/guards.yaml names them

function lifeline(address) {
  if (address.startsWith("https://")) return make("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, new URL(address).host);
  return copy("a", { href: `tel:${address}` }, "call", address);
}

/* Each number and address that an answer out of care names, as a link. */
function lifelines({ content }) {
  const named = [...new Set(content.match(LIFELINE) || [])];
  return named.length ? [make("ul", { class: "calls" }, ...named.map((address) => make("li", {}, lifeline(address))))] : [];
}

/* By outcome; most need nothing but their words. */
const FITTING = {
  care: lifelines,
  handoff: ({ handoff }) => (handoff ? [handoffCard(handoff)] : []),
  abstain: () => [copy("p", { class: "note" }, "abstained")],
};

const fitting = (reply) => (FITTING[reply.outcome] || (() => []))(reply);

const madeBy = ({ generator, fallback }) => copy("p", { class: "by" }, fallback ? `fallback.${fallback}` : `by.${generator}`);

/* `ask` is what "tell me more" in a graph does. */
function underAnswer(reply, ask) {
  const cited = reply.citations.length ? [citationCards(reply.citations, ask)] : [];
  return [...fitting(reply), ...cited, madeBy(reply)];
}

/* Under an answer of another day, whose sources are fetched when somebody wants to see them. */
function underPastAnswer(turn, ask) {
  const kind = { content: turn.content, outcome: turn.outcome };
  const more = make("details", { class: "later" }, copy("summary", {}, "cited"));
  const inside = make("div", { class: "inside" });
  more.append(inside);
  more.addEventListener("toggle", async () => {
    try {
      const { citations } = await replyOf(turn.turn_id);
      inside.append(citations.length ? make("div", { class: "cards" }, ...citations.map((one) => citationCard(one, ask))) : copy("p", {}, "uncited"));
    } catch {
      inside.append(copy("p", {}, "unread"));
    }
  }, { once: true });
  const under = [...fitting(kind), ...(turn.outcome === "care" ? [] : [more])];
  if (turn.outcome === "handoff") replyOf(turn.turn_id).then(({ handoff }) => handoff && more.before(handoffCard(handoff)), () => {});
  return under;
}
