/* Who talks: a guest of this browser, begun by the server, or a member who has shown a passkey (passkey.js). What shows it are cookies that no script can read; known here are the id,
 * and until when the cookies hold without being renewed. Every request goes through send. */
"use strict";

const AUTH = "/api/v1/auth";
const RENEWED_BEFORE_MS = 10 * 60 * 1000;
const CSRF_COOKIE = "__Host-nerdx-csrf";

/* What a page of another origin can't read, and so can't send. */
const csrf = () => document.cookie.split("; ").find((pair) => pair.startsWith(`${CSRF_COOKIE}=`))?.slice(CSRF_COOKIE.length + 1) || "";

const guest = () => recall("person") || "";
const isGuest = () => (recall("person-role") || "guest") === "guest";
const holds = () => Date.parse(recall("person-until") || 0) - Date.now() > RENEWED_BEFORE_MS;

function post(place, body) {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf() };
  return fetch(`${AUTH}${place}`, { method: "POST", headers, body: JSON.stringify(body) });
}

function become({ user_id: id, expires_at: until, role }) {
  keep("person", id);
  keep("person-until", until);
  keep("person-role", role);
}

/* The same guest for longer; a new one where there is none, or who it was can't be shown any more. */
async function begin() {
  let response = csrf() ? await post("/refresh", {}) : null;
  if (!response || response.status === 401 || response.status === 403) response = await post("/guest", { cookies: true });
  if (!response.ok) throw await refusalOf(response);
  become(await response.json());
}

/* A refresh token counts once: of all tabs one renews at a time, and the others see that it was done. */
const oneTab = (work) => (navigator.locks ? navigator.locks.request("person", work) : work());
const renew = () => oneTab(() => (holds() ? undefined : begin()));

let renewing = null;

function renewed() {
  renewing ??= renew().finally(() => (renewing = null));
  return renewing;
}

const shown = () => (holds() ? undefined : renewed());

function fetchAs([address, options = {}]) {
  const headers = options.method ? { ...options.headers, "X-CSRF-Token": csrf() } : options.headers || {};
  return fetch(address, { ...options, headers });
}

/* build() -> [address, options]: asked again when the server doesn't know us any more, for it may be another guest then. */
async function send(build) {
  await shown();
  const until = recall("person-until");
  const response = await fetchAs(build());
  if (response.status !== 401) return response;
  if (recall("person-until") === until) drop("person-until");
  await shown();
  return fetchAs(build());
}
