/* Passkeys: who has one is the same person in every browser, and finds there what was told. Without one nobody loses anything but that. */
"use strict";

const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const textOf = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function ask(place, body = {}) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" } };
  return asked(() => `${AUTH}${place}`, Object.keys(body).length ? { ...options, body: JSON.stringify(body) } : { method: "POST" });
}

/* --- what the browser does */

async function made({ challenge, rp_id: id, rp_name: name, user_handle: handle, user_name: user, algorithms, exclude, timeout_ms: timeout }) {
  const { response } = await navigator.credentials.create({
    publicKey: {
      challenge: bytesOf(challenge),
      rp: { id, name },
      user: { id: bytesOf(handle), name: user, displayName: user },
      pubKeyCredParams: algorithms.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: exclude.map((known) => ({ type: "public-key", id: bytesOf(known) })),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      timeout,
    },
  });
  return { client_data: textOf(response.clientDataJSON), attestation_object: textOf(response.attestationObject) };
}

async function showKey(place) {
  const { challenge, rp_id: rpId, timeout_ms: timeout } = await ask("/passkeys/ask");
  const { rawId, response } = await navigator.credentials.get({ publicKey: { challenge: bytesOf(challenge), rpId, timeout, userVerification: "required" } });
  return ask(place, {
    credential_id: textOf(rawId),
    client_data: textOf(response.clientDataJSON),
    authenticator_data: textOf(response.authenticatorData),
    signature: textOf(response.signature),
    user_handle: textOf(response.userHandle),
    cookies: true,
  });
}

/* --- what it is for */

/* A member shows a passkey again before there is another one. */
async function beginKey() {
  try {
    return await ask("/passkeys/begin");
  } catch (error) {
    if (error.status !== 403) throw error;
    await showKey("/passkeys/step-up");
    return ask("/passkeys/begin");
  }
}

async function makeKey() {
  const name = `NERDX, ${day(Date.now())}`;
  const { signed_in: who } = await ask("/passkeys", { ...(await made(await beginKey())), name, cookies: true });
  if (who) become(who);
  return phrase("passkeyMade");
}

async function signIn() {
  become(await showKey("/passkeys/sign-in"));
  await showMemories();
  return phrase("signedIn");
}

/* What the tab shows and keeps goes in any case (the server has the browser clear the rest); who can't reach the server is told, by the page
 * that can't be loaded, that the sign-in goes on. */
async function signOut() {
  try {
    await tellNothingMore();
    await ask("/sign-out");
  } finally {
    for (const key of ["person", "person-until", "person-role", "adult"]) drop(key);
    drop("session", "sessionStorage");
    keep("language", language);
    location.reload();
  }
}

/* The person said no, or there is no passkey here: nothing has happened. */
async function orNothing(work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DOMException) return phrase("noPasskey");
    throw error;
  } finally {
    showAccount();
  }
}

function showAccount() {
  recopy(at("make-passkey"), isGuest() ? "makePasskey" : "anotherPasskey");
  for (const id of ["make-passkey", "sign-in"]) at(id).hidden = !window.PublicKeyCredential || (id === "sign-in" && !isGuest());
  at("enter").hidden = !isGuest();
  at("sign-out").hidden = isGuest();
}

press(at("open-remembered"), showAccount);
press(at("make-passkey"), () => inRemembered(() => orNothing(makeKey)));
press(at("sign-in"), () => inRemembered(() => orNothing(signIn)));
press(at("sign-out"), () => inRemembered(signOut));
showAccount();
