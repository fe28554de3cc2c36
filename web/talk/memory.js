/* What the browser remembers for the page: for good (localStorage) or until the tab is closed (sessionStorage). One that
 * was told to keep nothing refuses even to be asked; then the page remembers by itself until it is left. */
"use strict";

const inPage = new Map();

function recall(key, storage = "localStorage") {
  try {
    return window[storage].getItem(key) ?? inPage.get(key) ?? null;
  } catch {
    return inPage.get(key) ?? null;
  }
}

function keep(key, value, storage = "localStorage") {
  inPage.set(key, value);
  try {
    window[storage].setItem(key, value);
  } catch {
    // refused, or full: the page itself has it
  }
  return value;
}

function drop(key, storage = "localStorage") {
  inPage.delete(key);
  try {
    window[storage].removeItem(key);
  } catch {
    // refused: it was never there
  }
}
