// Offers flags and their values while somebody types. The table comes from the server, which has it from the parser.

import { said } from "./texts.js";

const flags = JSON.parse(document.getElementById("flags").textContent);

const commands = JSON.parse(document.getElementById("commands").textContent).map(({ name, summary }) => (
  { insert: name === "video" ? "/video " : `/${name}`, label: `/${name}`, summary, detail: "" }
));

// Phones turn two hyphens into a dash.
const COMMAND = /^\/\w*$/;
const FLAG = /(?:^|\s)((?:--?|[–—])([a-z-]*))$/i;
const VALUE = /(?:^|\s)(?:--?|[–—])([a-z-]+)[ =:]([^\s=]*)$/i;

// What can stand at the end of the text before the caret: how much of it would be replaced, and by what.
export function offersFor(before, whole) {
  if (COMMAND.test(before)) return offered(before, "", commands.filter(({ label, insert }) => label.startsWith(before) && insert !== before));
  const value = before.match(VALUE);
  const known = value && flagCalled(value[1].toLowerCase());
  if (known) return offered(value[2], `${known.summary}: ${known.accepted}`, valuesOf(known, value[2].toLowerCase()));
  const flag = before.match(FLAG);
  return flag ? offered(flag[1], "", flagsLike(flag[2].toLowerCase(), whole)) : nothing;
}

export const nothing = offered("", "", []);

function offered(typed, about, items) {
  return { length: typed.length, about, items };
}

function flagCalled(name) {
  return flags.find((flag) => flag.takes && [flag.name, ...flag.aliases].includes(name));
}

function flagsLike(typed, whole) {
  const exact = flags.find(({ name }) => name === typed);
  const like = flags.filter((flag) => [flag.name, ...flag.aliases].some((word) => word.startsWith(typed)));
  // A finished flag that offers no values leaves Enter to the message.
  if (exact && exact.values.length === 0 && like.every((flag) => flag === exact || flag.name !== typed)) return [];
  const used = new Set([...whole.matchAll(/--([a-z-]+)(?=[\s=:])/gi)].map((found) => found[1].toLowerCase()));
  return like
    .filter((flag) => flag === exact || !used.has(flag.name))
    .sort((one, other) => other.name.startsWith(typed) - one.name.startsWith(typed))
    .map((flag) => ({
      insert: `--${flag.name}${flag.takes ? " " : ""}`,
      label: `--${flag.name}`,
      summary: flag.summary,
      detail: flag.takes ? said("default", { value: flag.default }) : "",
    }));
}

function valuesOf(flag, typed) {
  // A finished value leaves Enter to the message.
  if (flag.values.some(({ value }) => value === typed)) return [];
  return flag.values
    .filter(({ value, words }) => [value, ...words.split(", ")].some((word) => word.startsWith(typed)))
    .map(({ value, words }) => ({
      insert: `${value} `,
      label: value,
      summary: words,
      detail: value === flag.default ? said("standard") : "",
    }));
}
