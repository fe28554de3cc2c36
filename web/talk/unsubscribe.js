/* A letter's way out (RFC 8058): the link opens this page, which asks; only the button refuses. Nobody has to sign in, or to tell their age. */
"use strict";

const found = /^#([0-9a-f]{36,320})$/.exec(location.hash);
const outcome = document.getElementById("outcome");
const button = document.getElementById("go");

const OUTCOMES = {
  done: "앞으로 이런 편지를 보내지 않습니다. · We won't send letters like this any more.",
  wrong: "링크가 온전하지 않습니다. 편지의 주소를 끝까지 복사해 주세요. · The link isn't whole: copy all of it from the letter.",
  failed: "지금은 되지 않았습니다. 다시 눌러 주세요. · It didn't work just now. Please press again.",
};

async function refuse() {
  const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  const reply = await fetch(`/api/v1/notify/unsubscribe/${found[1]}`, { method: "POST", body, credentials: "omit" });
  return reply.ok ? "done" : reply.status === 404 ? "wrong" : "failed";
}

function tell(what) {
  outcome.textContent = OUTCOMES[what];
  button.disabled = what !== "failed";
}

document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  button.disabled = true;
  refuse().then(tell, () => tell("failed"));
});

if (!found) tell("wrong");
