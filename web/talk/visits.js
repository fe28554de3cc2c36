/* What happens on this page, told to NERD itself and to nobody else (docs/analytics.md). Who has agreed is recognised by a random id of this browser;
 * of all others only what the shop can't be run without is counted, without any. */
"use strict";

const VISITS = "/api/v1/analytics";
const NECESSARY = ["page.viewed"]; // of the kinds that are told here
const VISITORS_BEFORE_MAX = 5; // longer ago nothing is kept of them
const VISITOR_KEPT_MS = 90 * 24 * 60 * 60 * 1000;
const TOLD_AFTER_MS = 30000; // or when the page is left
const BATCH_MAX = 500; // as api/analytics.yaml has it

const objects = navigator.globalPrivacyControl === true || navigator.doNotTrack === "1";
const agreed = () => recall("visits") === "granted" && !objects;

let untold = [];
let timer = 0;

/* RFC 9562 of 32 hexadecimal digits, those of its version and variant among them. */
function uuid(digits, version) {
  const variant = "89ab"[parseInt(digits[16], 16) % 4];
  const whole = `${digits.slice(0, 12)}${version}${digits.slice(13, 16)}${variant}${digits.slice(17)}`;
  return whole.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/* Who this browser was: what they left is deleted with the rest. */
const visitorsBefore = () => (recall("visitors-before") ?? "").split(" ").filter(Boolean);

function visitor() {
  if (Date.now() - (recall("visitor-since") || 0) > VISITOR_KEPT_MS) {
    keep("visitors-before", [...visitorsBefore(), recall("visitor")].filter(Boolean).slice(-VISITORS_BEFORE_MAX).join(" "));
    keep("visitor", uuid(newId(), 4));
    keep("visitor-since", String(Date.now()));
  }
  return recall("visitor");
}

const whose = () => (agreed() ? { consent: "granted", visitor: visitor() } : { consent: "none" });

function happened(type, properties) {
  if (!agreed() && !NECESSARY.includes(type)) return;
  const ms = Date.now();
  const id = uuid(ms.toString(16).padStart(12, "0") + newId().slice(12), 7);
  untold.push({ id, type, occurred_at: new Date(ms).toISOString(), ...whose(), properties });
  timer ||= setTimeout(tell, TOLD_AFTER_MS);
}

const mayGetBetter = (response) => !response || [401, 429].includes(response.status) || response.status >= 500;

/* What didn't arrive goes with what comes next: an event that comes again counts once. */
async function tell() {
  clearTimeout(timer);
  timer = 0;
  const events = untold.splice(0, BATCH_MAX);
  if (!events.length) return;
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf() };
  const options = { method: "POST", keepalive: true, headers, body: JSON.stringify({ events }) };
  const response = await fetch(`${VISITS}/events`, options).catch(() => null);
  if (mayGetBetter(response)) untold = [...events, ...untold].slice(-BATCH_MAX);
}

document.addEventListener("visibilitychange", () => document.hidden && tell());

/* --- the choice, in the panel of what is kept */

function visitsState() {
  if (objects) return "visitsObjected";
  if (agreed()) return "visitsCounted";
  if (recall("visitor") !== null) return "visitsLeft";
  return recall("visits") === null ? "visitsNote" : "visitsRefused";
}

function showVisits() {
  const has = recall("visitor") !== null;
  recopy(at("visits-note"), visitsState());
  recopy(at("visits-choice"), has ? "visitsNo" : "visitsYes");
  at("visits-choice").hidden = objects && !has;
}

/* From here on nothing is told of them; until the server has deleted what it has, that can be asked for again. */
async function withdraw() {
  keep("visits", "none");
  untold = untold.filter((event) => event.consent === "none");
  for (const id of [...visitorsBefore(), recall("visitor")]) {
    await asked(() => `${VISITS}/visitors/${id}`, { method: "DELETE" });
  }
  drop("visitors-before");
  drop("visitor");
  drop("visitor-since");
  return phrase("visitsWithdrawn");
}

function agree() {
  keep("visits", "granted");
  visitor();
  return phrase("visitsAgreed");
}

press(at("visits-choice"), () => inRemembered(async () => {
  try {
    return recall("visitor") === null ? agree() : await withdraw();
  } finally {
    showVisits();
  }
}));
press(at("open-remembered"), showVisits);
showVisits();
