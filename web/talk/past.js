/* Past conversations of this guest: to be seen, gone on with, deleted. */
"use strict";

const past = at("past");
const TALKS_SHOWN = 20;
const TURNS_READ = 100; // a request
let more = null; // next_cursor of the list

const sessionPlace = (id) => `/sessions/${encodeURIComponent(id)}`;

/* Says how it went; the focus stays in the panel. */
async function inPast(work) {
  try {
    recopy(at("past-status"), (await work()) || "");
  } catch (error) {
    recopy(at("past-status"), `failures.${whyFailed(error)}`);
  }
}

/* --- the list */

function question(item, { session_id: id }) {
  const keepIt = press(copy("button", { type: "button", class: "plain" }, "keepIt"), () => {
    asking.replaceWith(item);
    item.querySelector(".remove").focus();
  });
  const removeIt = press(copy("button", { type: "button" }, "remove"), () => inPast(() => removeTalk(id)));
  const asking = make("li", { class: "asking" }, copy("p", {}, "reallyRemove"), make("div", { class: "choices" }, removeIt, keepIt));
  asking.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // the panel stays
    keepIt.click();
  });
  item.replaceWith(asking);
  keepIt.focus();
}

function talkItem(talk) {
  const title = talk.title || phrase("untitled");
  const about = [moment(talk.seen), phrase("turns", talk.turns), ...(talk.session_id === session ? [phrase("here")] : [])];
  const open = press(make("button", { type: "button", class: "open" }, make("span", { class: "name" }, title), make("span", { class: "small" }, about.join(" · "))), () => inPast(() => resume(talk.session_id)));
  const remove = press(make("button", { type: "button", class: "plain remove", "aria-label": phrase("removeThis", title) }, phrase("remove")), () => question(item, talk));
  const item = make("li", {}, open, remove);
  return item;
}

async function showTalks(cursor) {
  const { items, next_cursor: next } = await asked(ofGuest("/sessions", { limit: TALKS_SHOWN, ...(cursor ? { cursor } : {}) }));
  if (!cursor) at("talks").replaceChildren();
  at("talks").append(...items.map(talkItem));
  if (!at("talks").childElementCount) at("talks").append(copy("li", {}, "noPast"));
  more = next;
  at("more-talks").hidden = !next;
}

async function removeTalk(id) {
  await asked(ofGuest(sessionPlace(id)), { method: "DELETE" });
  if (id === session) clearTalk(newId());
  await showTalks();
  at("past-title").focus();
  return "removed";
}

/* --- a conversation of another day */

function clearTalk(id) {
  coming?.abort();
  forgetPending();
  quietly(() => log.replaceChildren());
  session = id;
  drop("session", "sessionStorage"); // kept again when it has begun
  document.body.classList.remove("talking");
}

async function turnsOf(id) {
  const turns = [];
  for (let cursor; turns.length === 0 || cursor; ) {
    const page = await asked(ofGuest(sessionPlace(id), { limit: TURNS_READ, ...(cursor ? { cursor } : {}) }));
    turns.push(...page.items);
    cursor = page.next_cursor;
    if (!page.items.length) break;
  }
  return turns;
}

async function resume(id) {
  const turns = await turnsOf(id);
  clearTalk(id);
  keep("session", id, "sessionStorage");
  quietly(() => turns.forEach((turn) => addPast(turn, say)));
  past.close();
  mention("goOn");
  box.focus();
  const last = [...log.querySelectorAll(".said")].at(-1);
  if (last) bringUp({ turn: last });
}

function beginAnew() {
  past.close();
  clearTalk(newId());
  mention("begunAnew");
  box.focus();
}

/* --- the controls */

press(at("open-past"), () => {
  openPanel(past);
  inPast(showTalks);
});
press(at("close-past"), () => past.close());
press(at("past-anew"), beginAnew);
press(at("anew"), beginAnew);
press(at("more-talks"), () => {
  const shown = at("talks").childElementCount;
  inPast(async () => {
    await showTalks(more);
    at("talks").children[shown]?.querySelector("button").focus();
  });
});
