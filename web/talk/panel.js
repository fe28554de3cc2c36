/* What Maeju remembers of this guest, to be looked at and to be forgotten. */
"use strict";

const MEMORIES = "/api/v1/agents/maeju/memories";
const panel = at("panel");

const day = (time) => new Date(time).toLocaleDateString(language, { dateStyle: "medium" });

async function asked(address, options) {
  const response = await fetch(address, options);
  if (!response.ok) throw await refusalOf(response);
  return response.json();
}

const ofGuest = (place, more = "") => `${place}?user_id=${encodeURIComponent(guest())}${more}`;

function memoryItem({ memory_id: id, text, since, until }) {
  const words = WORDS[language];
  const when = words.told(day(since)) + (until ? `, ${words.corrected}` : "");
  const button = make("button", { type: "button", class: "plain", "aria-label": words.forgetThis(text) }, words.forget);
  button.addEventListener("click", () => forget(`${MEMORIES}/${encodeURIComponent(id)}`));
  return make("li", {}, make("div", {}, make("p", {}, text), make("p", { class: "small" }, when)), button);
}

async function showMemories() {
  const { items } = await asked(ofGuest(MEMORIES, `&language=${language}`));
  at("memories").replaceChildren(...items.map(memoryItem));
  at("forget-all").hidden = items.length === 0;
  armForgetAll(false);
  if (!items.length) at("memories").append(make("li", {}, WORDS[language].noMemories));
}

/* Everything goes at the second press only. */
function armForgetAll(armed) {
  at("forget-all").dataset.armed = armed;
  at("forget-all").textContent = WORDS[language][armed ? "reallyAll" : "forgetAll"];
}

/* Says how it went; the list, if it can be read, is shown anew, and the focus stays in the panel. */
async function inPanel(work) {
  try {
    at("panel-status").textContent = await work();
  } catch (error) {
    at("panel-status").textContent = whatFailed(error);
  }
}

function forget(place) {
  return inPanel(async () => {
    const { forgotten } = await asked(ofGuest(place), { method: "DELETE" });
    await showMemories();
    at("panel-title").focus();
    return WORDS[language].forgotten(forgotten);
  });
}

at("open-panel").addEventListener("click", () => {
  panel.showModal();
  inPanel(async () => {
    await showMemories();
    return "";
  });
});

at("forget-all").addEventListener("click", () => {
  if (at("forget-all").dataset.armed === "true") forget(MEMORIES);
  else armForgetAll(true);
});

at("close-panel").addEventListener("click", () => panel.close());
