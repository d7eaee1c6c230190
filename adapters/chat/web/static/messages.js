// The list of messages: where a card goes, what is said aloud, what ticks, what plays.

import { morph } from "./morph.js";
import { said } from "./texts.js";

const list = document.getElementById("messages");
const newest = document.getElementById("newest");
const announcer = document.getElementById("announcer");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const OWN_TITLE = document.title;
const NEAR_THE_END = 120;

let isAtEnd = true;
let ahead = Number(document.body.dataset.now) - Date.now();

export const setClock = (now) => (ahead = now - Date.now());

export const has = (job) => document.getElementById(`job-${job}`) !== null;

export function show({ job, html }) {
  const fresh = elementOf(html);
  const old = document.getElementById(`job-${job}`);
  const news = !old || old.dataset.title !== fresh.dataset.title;
  const cameReady = news && fresh.dataset.phase === "delivered";
  if (old) update(old, fresh);
  else insert(fresh);
  const exchange = document.getElementById(`job-${job}`);
  prepare(exchange);
  if (news) announce(exchange);
  if (cameReady) play(exchange);
  follow(news);
}

export function keepOnly(jobs) {
  for (const exchange of list.querySelectorAll(".exchange")) {
    if (!jobs.has(exchange.dataset.job)) exchange.remove();
  }
}

// A refusal is over as soon as something else was tried.
export function forgetRefusals() {
  for (const refusal of list.querySelectorAll(".note.bad")) refusal.remove();
}

export function note(html) {
  const fresh = elementOf(html);
  fresh.classList.add("arriving");
  for (const time of fresh.querySelectorAll("[data-moment]")) {
    time.title = new Date(time.dateTime).toLocaleString();
  }
  list.append(fresh);
  say([...fresh.querySelectorAll("strong, .line")].map((part) => part.textContent).join(". "));
  toEnd();
}

export function toEnd() {
  list.scrollTop = list.scrollHeight;
  newest.hidden = true;
}

function elementOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function update(old, fresh) {
  const hadFocus = old.contains(document.activeElement);
  morph(old, fresh);
  // The button is gone: whoever works with the keyboard stays at this message, not on another button.
  if (hadFocus && !old.contains(document.activeElement)) old.focus({ preventScroll: true });
}

function insert(fresh) {
  fresh.classList.add("arriving");
  const later = [...list.querySelectorAll(".exchange")].find(
    (other) => Number(other.dataset.ordered) > Number(fresh.dataset.ordered),
  );
  if (later) later.before(fresh);
  else list.append(fresh);
}

function onScroll() {
  isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_THE_END;
  if (isAtEnd) newest.hidden = true;
}

// Whoever reads further up is left alone.
function follow(news) {
  if (isAtEnd) toEnd();
  else if (news) newest.hidden = false;
}

function announce(exchange) {
  const { phase, title } = exchange.dataset;
  const isOwn = exchange.classList.contains("own");
  if (!isOwn && phase !== "delivered") return;
  say(`${title}: ${exchange.querySelector(".prompt").textContent.slice(0, 80)}`);
  if (isOwn && phase === "delivered" && document.hidden) document.title = `✓ ${title} – ${OWN_TITLE}`;
}

function say(text) {
  announcer.textContent = text;
}

export function uncover(veil) {
  veil.dataset.open = "";
  veil.querySelector("video").focus({ preventScroll: true });
}

function play(exchange) {
  const video = exchange.querySelector("video");
  if (!video || calm.matches || video.closest(".veil:not([data-open])")) return;
  video.preload = "auto";
  // A browser may forbid it; the controls are there.
  video.play().catch(() => {});
}

// Clips far away are not even asked for their first picture.
const onScreen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      if (target.preload === "none") target.preload = "metadata";
      onScreen.unobserve(target);
    }
  },
  { root: list, rootMargin: "100%" },
);

function prepare(exchange) {
  const time = exchange.querySelector("time");
  const ordered = new Date(Number(exchange.dataset.ordered));
  time.textContent = ordered.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  time.title = ordered.toLocaleString();
  const video = exchange.querySelector("video");
  if (video) {
    // The attribute alone does not mute a video that a script made.
    video.muted = true;
    onScreen.observe(video);
  }
  tick(exchange);
}

function tick(exchange) {
  const elapsed = exchange.querySelector(".elapsed");
  if (!elapsed) return;
  const seconds = Math.max(0, Math.floor((Date.now() + ahead - Number(exchange.dataset.ordered)) / 1000));
  elapsed.textContent =
    seconds < 60
      ? said("seconds", { seconds })
      : said("minutes", { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}

setInterval(() => list.querySelectorAll(".exchange").forEach(tick), 1000);
list.addEventListener("scroll", onScroll, { passive: true });
newest.addEventListener("click", toEnd);
document.addEventListener("visibilitychange", () => document.hidden || (document.title = OWN_TITLE));
new ResizeObserver(() => isAtEnd && toEnd()).observe(list);
list.querySelectorAll(".exchange").forEach(prepare);
toEnd();
