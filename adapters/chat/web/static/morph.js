// Brings an element up to date in place: what did not change keeps its focus, and a video plays on.

// Another button in the same place must not inherit the press of the one before.
const identity = (node) => node.dataset?.verb ?? node.getAttribute?.("src") ?? "";

// What is under way in this browser, or ticks in it, is not the server's to overwrite.
const ours = new Set(["aria-disabled", "data-open", "preload"]);

export function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeName !== fresh.nodeName || identity(old) !== identity(fresh)) {
    old.replaceWith(fresh);
  } else if (old.nodeType === Node.TEXT_NODE) {
    old.data = fresh.data;
  } else {
    matchAttributes(old, fresh);
    if (!("live" in old.dataset)) matchChildren(old, fresh);
  }
}

function matchAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !ours.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && !ours.has(name)) old.setAttribute(name, value);
  }
}

function matchChildren(old, fresh) {
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  after.forEach((node, index) => (index < before.length ? morph(before[index], node) : old.append(node)));
  before.slice(after.length).forEach((node) => node.remove());
}
