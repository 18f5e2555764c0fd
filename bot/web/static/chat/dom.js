// Nodes are made here and nowhere parsed: what the server or the patient writes is only ever text.

export const byId = (id) => document.getElementById(id);

/** An element with properties (`dataset` and `aria` as objects of their own) and children. */
export function element(tag, { dataset = {}, aria = {}, ...properties } = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  Object.assign(node.dataset, dataset);
  for (const [name, value] of Object.entries(aria)) node.setAttribute(name === "role" ? name : `aria-${name}`, value);
  node.append(...children);
  return node;
}

/** A drawing from the symbols in chat.html; decoration, so hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Text for screen readers only. */
export const spoken = (text) => element("span", { className: "hidden" }, text);

/** A button with a drawing and words. */
export function button(name, words, onclick, properties = {}) {
  return element("button", { type: "button", onclick, ...properties }, icon(name), words);
}
