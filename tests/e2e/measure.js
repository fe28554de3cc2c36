/* Functions that browser.py runs in the page. Colours and contrast as WCAG 2.2 defines them. */

function parts(colour) {
  const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
  return { r, g, b, a };
}

function over(top, below) {
  const mix = (x, y) => x * top.a + y * (1 - top.a);
  return { r: mix(top.r, below.r), g: mix(top.g, below.g), b: mix(top.b, below.b), a: 1 };
}

function luminance({ r, g, b }) {
  const linear = (value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/* What lies behind an element: the backgrounds of its ancestors, one over the other. */
function backdrop(element) {
  const layers = [];
  for (let at = element; at; at = at.parentElement) layers.push(parts(getComputedStyle(at).backgroundColor));
  const dark = matchMedia("(prefers-color-scheme: dark)").matches && getComputedStyle(document.documentElement).colorScheme.includes("dark");
  const canvas = dark ? { r: 18, g: 18, b: 18, a: 1 } : { r: 255, g: 255, b: 255, a: 1 };
  return layers.reverse().reduce((below, layer) => over(layer, below), canvas);
}

function shown(element) {
  const box = element.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
}

function allShown(selector) {
  return [...document.querySelectorAll(selector)].filter(shown);
}

/* Where in the window its middle is, once it is there. */
function middleOf(element) {
  element.scrollIntoView({ block: "center" });
  const box = element.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}

function contrast(element, colour) {
  const behind = backdrop(element);
  const [light, dim] = [luminance(over(parts(colour), behind)), luminance(behind)].sort((a, b) => b - a);
  return (light + 0.05) / (dim + 0.05);
}

/* Text whose contrast is too low: 4.5, or 3 for large text. */
function faintText() {
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !shown(element) || element.closest("script, style, [disabled], [aria-hidden=true]")) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(element, style.color);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)} “${text.slice(0, 40)}”`);
  }
  return faint;
}

function pageLuminance() {
  return luminance(backdrop(document.body));
}

function overflow() {
  const page = document.documentElement;
  return page.scrollWidth - page.clientWidth;
}

/* Controls smaller than 24 by 24 CSS pixels; links in running text may be (WCAG 2.2, 2.5.8). */
function smallTargets() {
  return [...document.querySelectorAll("button, input, select, textarea, summary, [role=button], nav a")]
    .filter(shown)
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width < 24 || box.height < 24)
    .map(({ element, box }) => `${element.textContent.trim() || element.tagName} ${box.width}x${box.height}`);
}

/* Whether the focused element looks different from an unfocused one: an outline or a shadow of some width. */
function focusShows() {
  const style = getComputedStyle(document.activeElement);
  const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  return outline || style.boxShadow !== "none";
}

/* Pairs of shown elements that lie on each other. */
function overlaps(selector) {
  const boxes = [...document.querySelectorAll(selector)].filter(shown).map((element) => ({ name: element.textContent || element.parentElement.textContent, box: element.getBoundingClientRect() }));
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  return boxes.flatMap((one, i) => boxes.slice(i + 1).filter((other) => !apart(one.box, other.box)).map((other) => `${one.name} on ${other.name}`));
}

/* Names in a drawing that are wider than the box around them. */
function textOutOfBox() {
  return [...document.querySelectorAll("g > rect + text.n")].filter((text) => text.getBBox().width > text.previousElementSibling.getBBox().width - 4).map((text) => text.textContent);
}
