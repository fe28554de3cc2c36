/* What Maeju remembers of this guest, to be looked at and to be forgotten. */
"use strict";

const remembered = at("remembered");

function memoryItem({ memory_id: id, text, since, until }) {
  const button = press(make("button", { type: "button", class: "plain", "aria-label": phrase("forgetThis", text) }, phrase("forget")), () => forget(`/memories/${encodeURIComponent(id)}`));
  return make("li", {}, make("div", {}, make("p", {}, text), make("p", { class: "small" }, phrase(until ? "toldOnce" : "told", since))), button);
}

async function showMemories() {
  const { items } = await asked(ofGuest("/memories", { language }));
  at("memories").replaceChildren(...items.map(memoryItem));
  at("forget-all").hidden = items.length === 0;
  armForgetAll(false);
  if (!items.length) at("memories").append(copy("li", {}, "noMemories"));
}

/* Everything goes at the second press only. */
function armForgetAll(armed) {
  at("forget-all").dataset.armed = armed;
  at("forget-all").textContent = phrase(armed ? "reallyAll" : "forgetAll");
}

/* Says how it went; the list, if it can be read, is shown anew, and the focus stays in the panel. Work that only looks says nothing, and takes
 * nobody's words away: it may be slower than what was pressed after it. */
async function inRemembered(work) {
  try {
    const words = await work();
    if (words) at("remembered-status").textContent = words;
  } catch (error) {
    at("remembered-status").textContent = phrase(`failures.${whyFailed(error)}`);
  }
}

function forget(place) {
  return inRemembered(async () => {
    const { forgotten } = await asked(ofGuest(place), { method: "DELETE" });
    await showMemories();
    at("remembered-title").focus();
    return phrase("forgotten", forgotten);
  });
}

press(at("open-remembered"), () => {
  at("remembered-status").textContent = "";
  openPanel(remembered);
  inRemembered(showMemories);
});

press(at("forget-all"), () => {
  if (at("forget-all").dataset.armed === "true") forget("/memories");
  else armForgetAll(true);
});

press(at("close-remembered"), () => remembered.close());
