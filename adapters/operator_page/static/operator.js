// Brings what is on the page up to date. Everything works without it, as of when the page was loaded.

const AGAIN_MS = 5000;

const live = document.getElementById("live");
const connection = document.getElementById("connection");

// What somebody has just opened, or is about to press, must not change under their hands.
const isInUse = (part) => part.contains(document.activeElement) || part.querySelector("details[open], video");

const parts = (root) => [...root.querySelectorAll("[data-live]")];
const names = (root) => parts(root).map((part) => part.id).join();

function update(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  if (names(live) !== names(fresh) && !isInUse(live)) {
    live.replaceChildren(...fresh.childNodes);
    return;
  }
  for (const part of parts(fresh)) {
    const old = document.getElementById(part.id);
    if (old && !isInUse(old) && !old.isEqualNode(part)) old.replaceWith(part);
  }
}

function listen() {
  const address = new URL(location.href);
  address.hash = "";
  address.searchParams.set("seen", live.dataset.mark);
  const line = new EventSource(address);
  line.addEventListener("open", () => (connection.hidden = true));
  line.addEventListener("live", (event) => {
    live.dataset.mark = event.lastEventId;
    update(JSON.parse(event.data));
  });
  line.addEventListener("over", () => {
    line.close();
    location.reload();
  });
  line.addEventListener("error", () => {
    connection.hidden = false;
    // A browser comes back by itself after a broken line, and not after an answer that was no stream.
    if (line.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN_MS);
  });
  addEventListener("pagehide", () => line.close(), { once: true });
  addEventListener("pageshow", (event) => event.persisted && location.reload(), { once: true });
}

if (live) listen();
