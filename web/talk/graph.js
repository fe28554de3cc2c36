/* What an entity is joined to, as a small picture: lists of real buttons on both sides of it, and lines drawn behind them.
   Choosing one makes it the middle. Without lines it still reads as a list, which is what assistive technology is told. */
"use strict";

const ENTITY = "/api/v1/world-model/entity/";
const ASKED = 60; // neighbours, of which at most SHOWN are drawn, some of each kind
const SHOWN = 9;
const PRIVATE = new Set(["User", "Order", "Cameo"]);
const SVG = "http://www.w3.org/2000/svg";

const read = new Map(); // what was read once isn't asked for again

function readEntity(id, limit) {
  const address = `${ENTITY}${encodeURIComponent(id)}?limit=${limit}`;
  if (!read.has(address)) {
    const answer = send(() => [address]).then((response) => (response.ok ? response.json() : Promise.reject(new Error(String(response.status)))));
    answer.catch(() => read.delete(address));
    read.set(address, answer);
  }
  return read.get(address);
}

const nameOf = ({ id, properties }) => (language === "ko" && properties.name_ko) || properties.name || properties.title || id;

/* Some of each relationship in turn, so that many of one kind don't hide the others. */
function choose(neighbours) {
  const groups = new Map();
  const seen = new Set();
  for (const near of neighbours) {
    if (PRIVATE.has(near.label) || seen.has(near.id)) continue;
    seen.add(near.id);
    const key = `${near.relationship} ${near.direction}`;
    groups.set(key, [...(groups.get(key) || []), near]);
  }
  const taken = new Map([...groups.keys()].map((key) => [key, []]));
  let room = SHOWN;
  for (let round = 0; room > 0 && round < SHOWN; round++) {
    for (const [key, group] of groups) {
      if (room === 0 || round >= group.length) continue;
      taken.get(key).push(group[round]);
      room--;
    }
  }
  return { groups: [...taken.values()].filter((group) => group.length), left: seen.size - (SHOWN - room) };
}

/* Neighbours come with one name; the Korean one is read from themselves. */
async function nameInLanguage(near) {
  if (language !== "ko") return near.name;
  return readEntity(near.id, 0).then(nameOf, () => near.name);
}

const relationName = ({ relationship, direction }) => ((RELATIONS[relationship] || {})[direction] || {})[language] || relationship.toLowerCase().replaceAll("_", " ");

/* Whole groups, the largest first to the side that has less; on each side in the order they came. */
function halve(groups) {
  const sides = [new Set(), new Set()];
  const sizes = [0, 0];
  for (const group of [...groups].sort((a, b) => b.length - a.length)) {
    const side = sizes[0] <= sizes[1] ? 0 : 1;
    sides[side].add(group);
    sizes[side] += group.length + 1; // the caption takes room too
  }
  return sides.map((side) => groups.filter((group) => side.has(group)));
}

async function groupItem(group, go) {
  const names = await Promise.all(group.map(nameInLanguage));
  const buttons = group.map((near, i) => {
    const button = make("button", { type: "button", "data-kind": near.label }, names[i]);
    button.append(make("span", { class: "unseen" }, `, ${kindOf(near.label)}`));
    button.addEventListener("click", () => go(near.id));
    return make("li", {}, button);
  });
  const caption = make("p", { class: "relation" }, relationName(group[0]));
  return make("li", {}, caption, make("ul", {}, ...buttons));
}

/* --- the lines */

function curve(from, to, leftwards) {
  const [x1, x2] = leftwards ? [from.left, to.right] : [from.right, to.left];
  const [y1, y2] = [(from.top + from.bottom) / 2, (to.top + to.bottom) / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function drawLines(view) {
  const lines = view.querySelector("svg");
  const ground = view.getBoundingClientRect();
  const inView = (element) => {
    const box = element.getBoundingClientRect();
    return { left: box.left - ground.left, right: box.right - ground.left, top: box.top - ground.top, bottom: box.bottom - ground.top };
  };
  const middle = inView(view.querySelector(".middle .node"));
  lines.setAttribute("viewBox", `0 0 ${ground.width} ${ground.height}`);
  lines.replaceChildren(...[...view.querySelectorAll(".side button")].map((button) => {
    const box = inView(button);
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", curve(middle, box, box.right <= middle.left));
    return path;
  }));
}

/* --- the view */

function middleOf(entity, { ask, back }) {
  const name = nameOf(entity);
  const node = make("p", { class: "node", tabindex: "-1", "data-kind": entity.labels[0] }, name);
  const hear = press(make("button", { type: "button", class: "plain hear" }, phrase("hear")), () => ask(phrase("ask", name)));
  hear.setAttribute("aria-label", `${phrase("hear")}: ${name}`);
  const middle = make("div", { class: "middle" }, node, hear);
  if (back) middle.append(press(make("button", { type: "button", class: "plain back" }, phrase("back")), back));
  return middle;
}

/* The picture of what lies around an entity. go(id): to a neighbour; back: null at the beginning of a walk. */
async function pictureOf(entity, { ask, go, back }) {
  const { groups, left } = choose(entity.neighbours);
  const [right, other] = halve(groups);
  const side = async (list, name) => make("ul", { class: `side ${name}` }, ...(await Promise.all(list.map((group) => groupItem(group, go)))));
  const lines = document.createElementNS(SVG, "svg");
  lines.setAttribute("aria-hidden", "true");
  const parts = [lines, await side(other, "before"), middleOf(entity, { ask, back }), await side(right, "after")];
  return left > 0 ? [...parts, make("p", { class: "small more" }, phrase("more", left))] : parts;
}

/* A view around an entity, in the language of the page. ask(question) is what "tell me more" does. Rejects when the entity can't be
 * read. */
async function graphAround(id, ask) {
  const view = make("div", { class: "graph", role: "group" });
  const said = make("p", { class: "unseen", role: "status" });
  let trail = [id]; // the last one is in the middle
  let moving = false;

  async function show() {
    const [here, back] = [trail.at(-1), trail.length > 1 ? () => move(trail.slice(0, -1)) : null];
    const entity = await readEntity(here, ASKED);
    view.replaceChildren(...(await pictureOf(entity, { ask, back, go: (to) => move([...trail, to]) })));
    view.setAttribute("aria-label", phrase("graph", nameOf(entity)));
    view.lang = language;
    drawLines(view);
    return entity;
  }

  /* One step at a time: what is pressed while the next picture is on its way belongs to the one that goes. */
  async function move(to) {
    if (moving) return;
    moving = true;
    const before = trail;
    try {
      trail = to;
      const entity = await show();
      said.textContent = phrase("graph", nameOf(entity));
      view.querySelector(".node").focus();
    } catch {
      trail = before;
      said.textContent = phrase("unread");
    } finally {
      moving = false;
    }
  }

  /* The second click of a double click falls on whatever the first one put there. */
  view.addEventListener("click", (event) => event.detail > 1 && event.stopPropagation(), { capture: true });

  await show();
  redrawn.add(() => view.isConnected && show().catch(() => {})); // what can't be read stays in the other language
  new ResizeObserver(() => drawLines(view)).observe(view);
  return [view, said];
}
