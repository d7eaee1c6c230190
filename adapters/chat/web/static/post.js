// Sends to the server, again and again while the line is broken. The same event id makes that harmless.

const GIVE_UP_AFTER_MS = 60_000;
const PASSING = new Set([502, 503, 504]);

// randomUUID() does not exist where the page comes over plain HTTP from another machine.
export function newEvent() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Unsent extends Error {}

export async function post(url, body) {
  const began = Date.now();
  for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
    const answer = await attempt(url, body);
    if (answer) return answer;
    if (Date.now() - began > GIVE_UP_AFTER_MS) throw new Unsent();
    await new Promise((done) => setTimeout(done, pause));
  }
}

// The card that came back, or null where trying again may help.
async function attempt(url, body) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return PASSING.has(response.status) ? null : { ok: response.ok, card: await response.json() };
  } catch {
    return null;
  }
}
