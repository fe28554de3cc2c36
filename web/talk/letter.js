/* Links of letters (#verify=…, #reset=…, #email=…, …), and signing in with an address and a password, on which one of them rests. What
 * a link brings is taken out of the address at once: it is a secret, and counts once. */
"use strict";

const letter = at("letter");
const LINK = /^#(verify|reset|email|code|lost-app|keep-app)=(n[ec]_[0-9a-f]{64})$/;

/* The server's answer to a form; a guest comes along, so that nothing of what they told is lost. */
async function answered(place, body) {
  await shown();
  const response = await post(place, body);
  if (!response.ok) throw await refusalOf(response);
  return response.json();
}

function enter(person) {
  become(person);
  drop("session", "sessionStorage"); // a talk of before may be somebody else's
  showAccount();
}

/* What each step asks for, and what it does with it: the name of the step that follows, or nothing when it is done. */
const STEPS = {
  verify: {
    fields: ["password"],
    run: async ({ token, password }) => enter(await answered("/verify-email", { token, password, cookies: true })),
  },
  reset: {
    fields: ["chosen"],
    run: async ({ token, chosen: password }) => {
      await answered("/reset-password/confirm", { token, password, language });
    },
  },
  email: {
    fields: [],
    run: async ({ token }) => {
      if (isGuest()) return "enter";
      await ask("/email/confirm", { token, language });
    },
  },
  enter: {
    fields: ["address", "password"],
    run: async ({ address: email, password }) => {
      const person = await answered("/sign-in", { email, password, cookies: true });
      if (!person.second_step) return enter(person);
      challenge = person.second_step.challenge;
      return "code";
    },
  },
  code: {
    fields: ["code"],
    more: async () => {
      const { opens_at: opens } = await answered("/totp/lost", { challenge: challenge || token, language });
      recopy(at("letter-status"), "letters.code.asked", opens);
    },
    run: async ({ code }) => enter(await answered("/sign-in/code", { challenge: challenge || token, code: code.trim(), cookies: true })),
  },
  "lost-app": {
    fields: ["password"],
    refusals: { 409: "letters.lost-app.early" },
    run: async ({ token, password }) => enter(await answered("/totp/lost/confirm", { token, password, language, cookies: true })),
  },
  "keep-app": {
    fields: [],
    run: async ({ token }) => {
      await answered("/totp/lost/cancel", { token });
    },
  },
};

let step = "";
let token = ""; // of the link
let challenge = ""; // of a sign-in that wants a code
let before = ""; // the step that waits until somebody has signed in

function showStep(name) {
  step = name;
  recopy(at("letter-title"), `letters.${name}.title`);
  recopy(at("letter-text"), `letters.${name}.text`);
  recopy(at("letter-go"), `letters.${name}.go`);
  recopy(at("letter-status"), "");
  at("letter-go").hidden = false;
  at("letter-more").hidden = !STEPS[name].more;
  for (const field of letter.querySelectorAll("label")) {
    field.hidden = !STEPS[name].fields.includes(field.dataset.field);
    field.querySelector("input").required = !field.hidden;
  }
  if (!letter.open) letter.showModal();
  (letter.querySelector("label:not([hidden]) input") || at("letter-title")).focus();
}

function showDone() {
  for (const field of letter.querySelectorAll("label")) field.hidden = true;
  at("letter-go").hidden = at("letter-more").hidden = true;
  recopy(at("letter-text"), "");
  recopy(at("letter-status"), `letters.${step}.done`);
  at("letter-title").focus();
}

const REFUSALS = { 401: "letters.wrong", 403: "letters.anothers", 404: "letters.wrong", 409: "letters.taken", 422: "letters.known" };

async function runStep() {
  const given = { token };
  for (const field of letter.querySelectorAll("label:not([hidden])")) given[field.dataset.field] = field.querySelector("input").value;
  const next = await STEPS[step].run(given);
  letter.querySelector("form").reset();
  if (next === "enter") before = step;
  if (next) return showStep(next);
  if (!before) return showDone();
  step = before;
  before = "";
  return runStep();
}

async function orRefused(work) {
  at("letter-go").disabled = true;
  try {
    await work();
  } catch (error) {
    recopy(at("letter-status"), { ...REFUSALS, ...STEPS[step].refusals }[error.status] || `failures.${whyFailed(error)}`);
  } finally {
    at("letter-go").disabled = false;
  }
}

letter.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  orRefused(runStep);
});

/* Opens what a link has brought; whether there was one. */
function openLetter() {
  const found = LINK.exec(location.hash);
  if (!found) return false;
  [, , token] = found;
  history.replaceState(null, "", location.pathname + location.search);
  showStep(found[1]);
  return true;
}

press(at("letter-more"), () => orRefused(() => STEPS[step].more()));
press(at("letter-close"), () => letter.close());
press(at("enter"), () => {
  at("remembered").close();
  showStep("enter");
});
letter.addEventListener("close", () => {
  letter.querySelector("form").reset();
  [token, challenge, before] = ["", "", ""];
  box.focus();
});
addEventListener("hashchange", () => recall("adult") === "yes" && openLetter());
