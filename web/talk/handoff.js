/* What goes to Joon with a visitor who wants to buy: whatever typed fields the summary has, as rows of a note. */
"use strict";

const FRACTION = { KRW: 1, JPY: 1 }; // minor units in a major one; 100 unless named
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function money(name, value, currency) {
  const major = name.endsWith("_minor") ? value / (FRACTION[currency] ?? 100) : value;
  const text = new Intl.NumberFormat(language, { style: "currency", currency, maximumFractionDigits: 0 }).format(major);
  return /max|most|limit|within/.test(name) ? phrase("within", text) : text;
}

/* A day is the same in every zone. */
function scalar(value) {
  if (DAY.test(value)) return new Date(value).toLocaleDateString(language, { dateStyle: "long", timeZone: "UTC" });
  return typeof value === "number" ? value.toLocaleString(language) : String(value);
}

/* {max_minor: 80000, currency: "KRW"} -> "up to ₩80,000"; other objects: what they hold, in its order. Of words that were counted or
 * named (`unit`, `who`) those that were said are shown, as they are in the visitor's language. */
function objectText({ currency, ...fields }) {
  if (fields.said && (fields.unit || "gift" in fields)) return fields.said;
  const told = Object.entries(fields).filter(([name, value]) => !name.endsWith("_id") && typeof value !== "boolean");
  return told.map(([name, value]) => (currency && typeof value === "number" ? money(name, value, currency) : valueText(value))).filter(Boolean).join(" · ");
}

function valueText(value) {
  if (value === null || value === undefined || value === "") return "";
  if (Array.isArray(value)) return value.map(valueText).filter(Boolean).join(", ");
  return typeof value === "object" ? objectText(value) : scalar(value);
}

const productName = (id) => readEntity(id, 0).then(nameOf, () => id);

const namesOf = (tastes) => tastes.map(({ name }) => name).join(", ");

/* [[field, text]] of what is in the summary, the known ones first. */
function rowsOf({ language: _, wants, tastes = [], constraints = [], products: __, ...others }) {
  const told = constraints.map(({ kind, who, value, ...more }) => [kind, who && who !== "self" ? phrase("of", valueText(value ?? more), whoIs(who)) : valueText(value ?? more)]);
  const likes = namesOf(tastes.filter(({ score }) => score > 0));
  const dislikes = namesOf(tastes.filter(({ score }) => score < 0));
  const rest = Object.entries(others).map(([field, value]) => [field, valueText(value)]);
  return [["wants", wants], ...rest, ["likes", likes], ["dislikes", dislikes], ...told].filter(([, text]) => text);
}

const row = (field, text) => [make("dt", {}, fieldName(field)), make("dd", {}, text)];

function handoffCard({ products = [], summary = {} }) {
  const list = make("dl", {});
  drawn(list, async () => {
    const names = await Promise.all(products.map(productName));
    const [wants, ...others] = rowsOf(summary);
    list.replaceChildren(...(wants ? row(...wants) : []), ...row("products", names.join(", ") || phrase("noProducts")), ...others.flatMap((one) => row(...one)));
    list.lang = language;
  });
  return make("section", { class: "handoff" }, copy("h3", {}, "handoff"), list, copy("p", { class: "small" }, "notOrdered"));
}
