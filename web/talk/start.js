/* The first moment: who may come in, what can be asked, and the talk that this tab was in. */
"use strict";

function showStarters() {
  at("starters").replaceChildren(...WORDS[language].starters.map((question) => make("li", {}, press(make("button", { type: "button" }, question), () => say(question)))));
}

press(at("adult"), () => {
  keep("adult", "yes");
  at("gate").close();
});

press(at("minor"), () => recopy(at("gate-refused"), "gateRefused"));

/* Escape, or what a browser makes of it, is not an answer. */
at("gate").addEventListener("close", askForAge);

function askForAge() {
  if (recall("adult") !== "yes") at("gate").showModal();
  else if (!openLetter()) box.focus();
}

drawn(at("starters"), showStarters);
showLanguage();
setBusy(false);
happened("page.viewed", { path: location.pathname });
showCount();
askForAge();
if (recall("session", "sessionStorage")) resume(session).catch(() => {}); // deleted meanwhile: a new one begins
