/* The language of the page, and elements whose words follow it: those with data-text or data-label, from the document or made here. */
"use strict";

let language = recall("language") in WORDS ? recall("language") : navigator.language.startsWith("ko") ? "ko" : "en";

const given = new WeakMap(); // element -> what its phrase is made with
const redrawn = new Set(); // what has to be drawn anew: () => void

const at = (id) => document.getElementById(id);

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/* phrase("by.llm"), phrase("call", 109) */
function phrase(key, ...details) {
  if (!key) return "";
  const found = key.split(".").reduce((words, part) => (words ? words[part] : undefined), WORDS[language]);
  return typeof found === "function" ? found(...details) : (found ?? key);
}

/* An element with words of the page, also inside an answer in another language. */
function copy(tag, attributes, key, ...details) {
  const element = make(tag, { ...attributes, "data-text": key, lang: language }, phrase(key, ...details));
  given.set(element, details);
  return element;
}

/* Gives an element other words; none for "". */
function recopy(element, key, ...details) {
  element.dataset.text = key;
  given.set(element, details);
  element.textContent = phrase(key, ...details);
  element.lang = language;
}

/* Puts a name for assistive technology on an element, in the same way. */
function named(element, key, ...details) {
  element.dataset.label = key;
  element.setAttribute("aria-label", phrase(key, ...details));
  given.set(element, details);
  return element;
}

function press(element, action) {
  element.addEventListener("click", action);
  return element;
}

/* The title hears the focus first. An `autofocus` in the page would meet the age gate's own focus while loading. */
function openPanel(panel) {
  panel.showModal();
  panel.querySelector("h2").focus();
}

function showLanguage() {
  document.documentElement.lang = language;
  document.title = phrase("pageTitle");
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = phrase(element.dataset.text, ...(given.get(element) || []));
    if (given.has(element)) element.lang = language;
  }
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", phrase(element.dataset.label, ...(given.get(element) || [])));
  at("message").placeholder = phrase("hint");
  at("language").textContent = phrase("otherLanguage");
  at("language").lang = language === "ko" ? "en" : "ko";
  for (const redraw of redrawn) redraw();
}

/* Draws now, and again when the language changes; an element that left the page is forgotten. */
function drawn(element, draw) {
  const redraw = () => (element.isConnected ? draw() : redrawn.delete(redraw));
  draw();
  redrawn.add(redraw);
  return element;
}

/* Moments in the visitor's own zone. */
const day = (time) => new Date(time).toLocaleDateString(language, { dateStyle: "long" });

function moment(time) {
  const then = new Date(time);
  const clock = then.toLocaleTimeString(language, { timeStyle: "short" });
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(time).setHours(0, 0, 0, 0)) / 86400000);
  const name = days <= 1 ? new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-days, "day") : day(then);
  return `${name[0].toUpperCase()}${name.slice(1)} ${clock}`;
}
