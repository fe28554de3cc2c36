/* Decodes what a push service got, as a browser would (npm's http_ece, nobody of ours): a JSON line {key, auth, body} in base64url, the text out. */
"use strict";

const crypto = require("node:crypto");
const readline = require("node:readline");

const ece = require("http_ece");

function decode({ secret, auth, body }) {
  const key = crypto.createECDH("prime256v1");
  key.setPrivateKey(Buffer.from(secret, "base64url"));
  const text = ece.decrypt(Buffer.from(body, "base64url"), { version: "aes128gcm", privateKey: key, authSecret: auth });
  return text.toString("utf8");
}

readline.createInterface({ input: process.stdin }).on("line", (line) => process.stdout.write(`${JSON.stringify(decode(JSON.parse(line)))}\n`));
