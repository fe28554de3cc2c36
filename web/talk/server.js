/* What is asked of the server besides the talk itself, and what can go wrong with it. */
"use strict";

const MAEJU = "/api/v1/agents/maeju";

/* The server said no. status: of HTTP; message: its own words, in English. */
class Refused extends Error {
  constructor({ detail, status, retry_after_s: retryAfter }) {
    super(detail || String(status));
    this.status = status;
    this.retryAfter = retryAfter || 0; // seconds; 0: it didn't say
  }
}

async function refusalOf(response) {
  const problem = await response.json().catch(() => ({}));
  return new Refused({
    detail: problem.detail || `${response.status} ${response.statusText}`,
    status: response.status,
    retry_after_s: problem.retry_after_s || Number(response.headers.get("Retry-After")) || 0,
  });
}

/* 128 bits; of 32 characters, as randomUUID isn't there on pages without TLS. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* address: as ofGuest makes it. */
async function asked(address, options) {
  const response = await send(() => [address(), options]);
  if (!response.ok) throw await refusalOf(response);
  return response.json();
}

/* ofGuest("/sessions", {limit: 20})() -> the address, with who asks by then. */
const ofGuest = (place, query = {}) => () => `${MAEJU}${place}?${new URLSearchParams({ user_id: guest(), ...query })}`;
