// The field for the message: grows, completes, remembers, and hands over what was typed.

import { nothing, offersFor } from "./completion.js";

const form = document.getElementById("composer");
const text = document.getElementById("text");
const send = form.querySelector(".send");
const count = document.getElementById("count");
const panel = document.getElementById("panel");
const about = document.getElementById("about");
const box = document.getElementById("offers");
const limit = Number(text.dataset.limit);
const SOON = 0.9;

let offers = nothing;
let chosen = 0;
let lastSent = "";

export function fill(command) {
  text.value = command;
  text.focus();
  text.setSelectionRange(command.length, command.length);
  refresh();
  close();
}

export function add(words) {
  const before = text.value.trimEnd();
  fill(words.startsWith("/") ? words : `${before || "/video"} ${words}`);
}

export function clear() {
  lastSent = text.value;
  text.value = "";
  refresh();
}

export function setBusy(busy) {
  form.ariaBusy = String(busy);
  text.readOnly = busy;
  refresh();
}

export function onSend(hand) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close();
    if (text.value.trim() && !text.readOnly) hand(text.value);
  });
}

function refresh() {
  send.disabled = text.readOnly || !text.value.trim();
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
  const length = [...text.value].length;
  count.hidden = length < limit * SOON;
  count.textContent = `${length.toLocaleString(document.documentElement.lang)} / ${limit.toLocaleString(document.documentElement.lang)}`;
  count.classList.toggle("over", length > limit);
}

function complete() {
  const caret = text.selectionStart;
  const isPlain = caret === text.selectionEnd && /^(\s|$)/.test(text.value.slice(caret));
  present(isPlain ? offersFor(text.value.slice(0, caret), text.value) : nothing);
}

function present(found) {
  offers = found;
  about.textContent = offers.about;
  box.replaceChildren(...offers.items.map(optionOf));
  panel.hidden = !offers.about && offers.items.length === 0;
  text.setAttribute("aria-expanded", String(offers.items.length > 0));
  choose(0);
}

function optionOf(item, index) {
  const option = document.createElement("li");
  option.id = `offer-${index}`;
  option.role = "option";
  option.append(piece("code", item.label), piece("span", item.summary), piece("small", item.detail));
  option.addEventListener("pointerdown", (event) => event.preventDefault());
  option.addEventListener("click", () => accept(index));
  return option;
}

function piece(name, words) {
  const made = document.createElement(name);
  made.textContent = words;
  return made;
}

function choose(index) {
  const { length } = offers.items;
  if (length === 0) return text.removeAttribute("aria-activedescendant");
  chosen = (index + length) % length;
  [...box.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
  box.children[chosen].scrollIntoView({ block: "nearest" });
  text.setAttribute("aria-activedescendant", `offer-${chosen}`);
}

function accept(index) {
  const caret = text.selectionStart;
  const rest = text.value.slice(caret);
  const words = offers.items[index].insert;
  text.setRangeText(rest.startsWith(" ") ? words.trimEnd() : words, caret - offers.length, caret, "end");
  text.focus();
  refresh();
  complete();
}

function close() {
  present(nothing);
}

const inList = {
  ArrowDown: () => choose(chosen + 1),
  ArrowUp: () => choose(chosen - 1),
  Enter: () => accept(chosen),
  Tab: () => accept(chosen),
  Escape: close,
};

function onKey(event) {
  if (event.isComposing) return;
  const bare = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (bare && offers.items.length > 0 && event.key in inList) {
    event.preventDefault();
    inList[event.key]();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "ArrowUp" && bare && !text.value && lastSent) {
    event.preventDefault();
    fill(lastSent);
  }
}

text.addEventListener("keydown", onKey);
text.addEventListener("input", () => (refresh(), complete()));
text.addEventListener("click", complete);
text.addEventListener("blur", close);
refresh();
