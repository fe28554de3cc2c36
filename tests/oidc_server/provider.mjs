// An OpenID provider on 127.0.0.1: oidc-provider as it is, people who sign in without being asked, and doors of our own under /test.
//   node provider.mjs PORT CALLBACK…    prints "ready" and serves until it is ended
import crypto from "node:crypto";
import http from "node:http";
import Provider from "oidc-provider";

const [port, ...callbacks] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const SECRET = "a secret that only the tests know, and nobody else";
const CLIENTS = { nerdx: "RS256", elliptic: "ES256", edwards: "EdDSA", other: "RS256" };
const KINDS = [
  ["RS256", "rsa", { modulusLength: 2048 }],
  ["ES256", "ec", { namedCurve: "P-256" }],
  ["EdDSA", "ed25519", {}],
];
let generation = 0;
let keys = [];
let handle = null;
let lie = null; // what the next ID token says instead
let asked = {}; // how often each path was asked for

function makeKeys() {
  generation += 1;
  return KINDS.map(([alg, kind, options]) => {
    // Written as it is made: Node 20 can wait for ever for itself where a key is exported while what made it is thrown away.
    const { privateKey } = crypto.generateKeyPairSync(kind, { ...options, privateKeyEncoding: { format: "jwk" } });
    return { ...privateKey, alg, use: "sig", kid: `${alg}-${generation}-${process.pid}` };
  });
}

const makeClient = ([id, algorithm]) => ({
  client_id: id,
  client_secret: SECRET,
  redirect_uris: callbacks,
  grant_types: ["authorization_code"],
  response_types: ["code"],
  token_endpoint_auth_method: "client_secret_post",
  id_token_signed_response_alg: algorithm,
});

const claimsOf = (id) => ({ sub: id, email: `${id.replace("unverified-", "")}@id.example`, email_verified: !id.startsWith("unverified-") });

// Whoever asks is the person of the cookie `person`, at once and with consent; "nobody" says no.
async function signIn(ctx, provider) {
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const accountId = /(?:^|; )person=([^;]*)/.exec(ctx.req.headers.cookie ?? "")?.[1] ?? "person-1";
  let result = { error: "access_denied" };
  if (accountId !== "nobody") {
    const grant = new provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    result = { login: { accountId }, consent: { grantId: await grant.save() } };
  }
  ctx.status = 303;
  ctx.set("Location", await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: false }));
}

function makeProvider() {
  const provider = new Provider(issuer, {
    clients: Object.entries(CLIENTS).map(makeClient),
    jwks: { keys },
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    enabledJWA: { idTokenSigningAlgValues: KINDS.map(([alg]) => alg) },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ["a key of the tests"] },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => claimsOf(id) }),
  });
  provider.use(async (ctx, next) => {
    if (ctx.path.startsWith("/interaction/")) await signIn(ctx, provider);
    else await next();
    if (ctx.path === "/token" && ctx.status === 200 && lie) {
      ctx.body = { ...ctx.body, id_token: twist(ctx.body.id_token, lie) };
      lie = null;
    }
  });
  return provider.callback();
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decode = (part) => JSON.parse(Buffer.from(part, "base64url"));
// Made before anybody asks: who waits for a token waits a few seconds, and a key may take them all on a busy machine.
const stranger = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

const SIGNERS = {
  none: () => "",
  kept: (text, signature) => signature,
  right: (text) => signRsa(text, crypto.createPrivateKey({ key: keys[0], format: "jwk" })),
  other: (text) => signRsa(text, stranger),
  secret: (text) => crypto.createHmac("sha256", SECRET).update(text).digest("base64url"),
  public: (text) => crypto.createHmac("sha256", publicPem()).update(text).digest("base64url"),
};

function signRsa(text, key) {
  return crypto.sign("sha256", text, key).toString("base64url");
}

function publicPem() {
  return crypto.createPublicKey({ key: keys[0], format: "jwk" }).export({ type: "spki", format: "pem" });
}

// {head, claims, sign}: a claim of null is left out.
function twist(token, { head = {}, claims = {}, sign }) {
  const [oldHead, oldClaims, signature] = token.split(".");
  const said = { ...decode(oldClaims), ...claims };
  for (const name of Object.keys(said)) if (said[name] === null) delete said[name];
  const text = `${encode({ ...decode(oldHead), ...head })}.${encode(said)}`;
  return `${text}.${SIGNERS[sign](text, signature)}`;
}

function renew() {
  keys = makeKeys();
  handle = makeProvider();
}

const DOORS = {
  "/test/rotate": renew,
  "/test/lie": (told) => (lie = told),
  "/test/asked": () => asked,
};

async function serve(request, response) {
  const path = request.url.split("?")[0];
  if (!(path in DOORS)) {
    asked[path] = (asked[path] ?? 0) + 1;
    return handle(request, response);
  }
  let body = "";
  for await (const piece of request) body += piece;
  const answer = DOORS[path](JSON.parse(body || "null"));
  response.setHeader("Content-Type", "application/json");
  return response.end(JSON.stringify(answer ?? null));
}

renew();
http.createServer(serve).listen(Number(port), "127.0.0.1", () => console.log("ready"));
