/* The switch in the panel: whether this browser tells what happens while the page isn't open (Web Push). Nobody is asked for permission before they press it. */
"use strict";

const NOTIFY = "/api/v1/notify";
const TOLD = at("told");
const canBeTold = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const ofNotices = (place) => () => `${NOTIFY}${place}?${new URLSearchParams({ user_id: guest() })}`;

async function ownSubscription() {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return registration ? registration.pushManager.getSubscription() : null;
}

function showTold(isOn) {
  TOLD.setAttribute("aria-checked", String(isOn));
  recopy(TOLD, isOn ? "toldOn" : "toldOff");
}

/* What the browser says of itself is what the server is told. */
async function announce(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  await asked(ofNotices("/push"), { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ endpoint, keys }) });
  keep("told", guest());
}

/* The permission is asked for before anything is waited for: browsers want the press itself. */
async function beTold() {
  if ((await Notification.requestPermission()) !== "granted") return phrase("toldRefused");
  const { public_key: key } = await asked(() => `${NOTIFY}/push/key`);
  await navigator.serviceWorker.register("/push.js", { scope: "/" });
  const registration = await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
  await announce(subscription);
  showTold(true);
  return phrase("toldBegun");
}

/* The endpoint is dead from then on: the server forgets it when it next pushes there. Also when somebody signs out here (passkey.js). */
async function tellNothingMore() {
  if (canBeTold) await (await ownSubscription())?.unsubscribe();
  drop("told");
}

async function beToldNoMore() {
  await tellNothingMore();
  showTold(false);
  return phrase("toldEnded");
}

/* Who asks in this browser by now may be somebody else: a guest who signed in, another member. */
async function lookAtTold() {
  const subscription = await ownSubscription();
  showTold(Boolean(subscription));
  if (subscription && recall("told") !== guest()) await announce(subscription);
}

at("telling").hidden = !canBeTold;
if (canBeTold) {
  press(TOLD, () => inRemembered(TOLD.getAttribute("aria-checked") === "true" ? beToldNoMore : beTold));
  press(at("open-remembered"), () => inRemembered(lookAtTold));
}
