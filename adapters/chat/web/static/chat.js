// Joins the pieces: the stream of cards, what is typed, what is pressed.

import * as composer from "./composer.js";
import * as messages from "./messages.js";
import { newEvent, post, Unsent } from "./post.js";

const connection = document.getElementById("connection");
const IDLE_IN_BACKGROUND_MS = 60_000;
const COME_BACK_MS = 2000;

// The stream of cards

let stream = null;
let mark = document.body.dataset.mark;

function listen() {
  stream = new EventSource(`/events?after=${encodeURIComponent(mark)}`);
  stream.addEventListener("open", () => (connection.hidden = true));
  stream.addEventListener("history", (event) => receive(event, true));
  stream.addEventListener("cards", (event) => receive(event, false));
  stream.addEventListener("error", onLost);
}

function receive(event, isEverything) {
  const { now, cards } = JSON.parse(event.data);
  mark = event.lastEventId;
  messages.setClock(now);
  if (isEverything) messages.keepOnly(new Set(cards.map(({ job }) => job)));
  cards.forEach(messages.show);
}

function onLost() {
  connection.hidden = false;
  // After an answer that is no stream a browser does not come back by itself.
  if (stream.readyState !== EventSource.CLOSED) return;
  const lost = stream;
  setTimeout(() => stream === lost && listen(), COME_BACK_MS);
}

// A browser grants a site six connections for all its tabs: one that nobody looks at gives its own back.
let idle = 0;

document.addEventListener("visibilitychange", () => {
  clearTimeout(idle);
  if (document.hidden) idle = setTimeout(rest, IDLE_IN_BACKGROUND_MS);
  else if (stream === null) listen();
});

function rest() {
  if (document.querySelector(".own .reply.busy")) {
    idle = setTimeout(rest, IDLE_IN_BACKGROUND_MS);
  } else {
    stream.close();
    stream = null;
  }
}

addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", (event) => event.persisted && listen());

// What is typed

let unsent = { text: "", event: "" };

composer.onSend(async (text) => {
  // The same words after a broken line are the same order.
  if (unsent.text !== text) unsent = { text, event: newEvent() };
  composer.setBusy(true);
  const ok = await answer("/orders", { ...unsent });
  composer.setBusy(false);
  if (ok === null) return;
  unsent = { text: "", event: "" };
  if (ok) composer.clear();
});

// Whether it was taken; null where nobody knows, because the line is broken.
async function answer(url, body) {
  try {
    const { ok, card } = await post(url, body);
    receiveAnswer(card);
    return ok;
  } catch (error) {
    if (!(error instanceof Unsent)) throw error;
    connection.hidden = false;
    return null;
  }
}

function receiveAnswer({ job, html }) {
  connection.hidden = true;
  messages.forgetRefusals();
  // The stream may have told more about this job by now.
  if (job === null) messages.note(html);
  else if (!messages.has(job)) messages.show({ job, html });
  messages.toEnd();
}

// What is pressed

const unanswered = new Map();

async function press(button) {
  const url = `/jobs/${button.closest(".exchange").dataset.job}/${button.dataset.verb}`;
  if (!unanswered.has(url)) unanswered.set(url, newEvent());
  if (button.ariaDisabled === "true") return;
  // Really disabled it would lose the focus.
  button.ariaDisabled = "true";
  if ((await answer(url, { event: unanswered.get(url) })) !== null) unanswered.delete(url);
  button.ariaDisabled = null;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { verb, edit, fill, insert, dismiss, uncover } = button.dataset;
  // The second click of a double click may hit another button in the same place, and that one may cost.
  if (verb !== undefined && event.detail < 2) press(button);
  if (edit !== undefined) composer.fill(button.closest(".exchange").dataset.command);
  if (fill !== undefined) composer.fill(fill);
  if (insert !== undefined) composer.add(insert);
  if (uncover !== undefined) messages.uncover(button.closest(".veil"));
  if (dismiss !== undefined) button.closest(".note").remove();
});

listen();
