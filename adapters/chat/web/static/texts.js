// What the page says by itself, in the reader's language, which the server knows.

const texts = JSON.parse(document.getElementById("texts").textContent);

export const said = (name, parts = {}) => texts[name].replace(/\{(\w+)\}/g, (_, part) => parts[part]);
