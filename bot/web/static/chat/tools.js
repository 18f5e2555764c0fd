// The small buttons under an answer: sources, keep (copy, print, mail), read aloud, thumbs.

import { button, element, icon } from "./dom.js";
import { paragraph } from "./links.js";
import { readAloud, stopReading, whenVoice } from "./speech.js";

const REASONS = {
  moeilijk: "Te moeilijk",
  andere_vraag: "Dit was niet mijn vraag",
  te_algemeen: "Te algemeen",
  klopt_niet: "Het klopt niet voor mij",
};

let numbers = 0;

/** The row of buttons for a reply. `say` speaks to screen readers; `rate(helpful, reason)` sends a thumb. */
export function toolsFor(reply, { practice, say, rate }) {
  const row = element("div", { className: "tools", aria: { role: "group", label: "Bij dit antwoord" } });
  const below = element("div", { className: "drawers" });
  const text = asText(reply);

  if (reply.sources?.length) row.append(drawer(below, "book", "Bronnen", sourceList(reply.sources)));
  row.append(drawer(below, "save", "Bewaren", keepButtons(text, practice, say)));
  const listen = listenButton(text);
  row.append(listen);
  whenVoice(() => (listen.hidden = false));
  if (reply.topic) row.append(...thumbs(row, below, say, rate));
  return [row, below];
}

/** A reply as plain text, for the clipboard, a mail and the voice. */
export function asText(reply) {
  const { reminder, heard, paragraphs, step, reassurance, vangnet } = reply;
  const net = vangnet?.length ? `Let op: ${vangnet.join(" ")}` : null;
  return [reminder, heard, ...paragraphs, step, reassurance, net].filter(Boolean).join("\n\n");
}

// A button that shows and hides something below the row.
function drawer(below, name, words, content) {
  const id = `drawer-${++numbers}`;
  const panel = element("div", { id, className: "drawer", hidden: true }, content);
  below.append(panel);
  const opener = button(name, words, () => {
    panel.hidden = !panel.hidden;
    opener.setAttribute("aria-expanded", String(!panel.hidden));
  }, { aria: { expanded: "false", controls: id } });
  return opener;
}

function sourceList(sources) {
  const items = sources.map(({ title, url }) => {
    const isLink = /^https?:\/\//.test(url || "");
    return element("li", {}, isLink ? element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, title) : title);
  });
  return element("ul", { aria: { label: "Bronnen" } }, ...items);
}

function keepButtons(text, practice, say) {
  const copy = button("copy", "Kopieer", async () => say((await copied(text)) ? "Gekopieerd." : "Kopiëren lukt hier niet."));
  const print = button("print", "Print", ({ target }) => printOnly(target.closest("rug-reply")));
  const subject = `Uitleg over je rug van ${practice.name}`;
  const body = `${text}\n\nDit is algemene uitleg van een computerprogramma. Vragen? Bel ${practice.name}: ${practice.phone}.`;
  const mail = element(
    "a",
    { href: `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`, target: "_top" },
    icon("mail"), "Mail naar jezelf",
  );
  return element("div", { className: "keep" }, copy, print, mail);
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not on plain http, and not where the site around the iframe forbids it: the old way may still work.
    const area = element("textarea", { value: text, className: "hidden" });
    const before = document.activeElement;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    before?.focus();
    return done;
  }
}

function printOnly(node) {
  node.classList.add("to-print");
  document.body.classList.add("print-one");
  addEventListener("afterprint", () => {
    node.classList.remove("to-print");
    document.body.classList.remove("print-one");
  }, { once: true });
  print();
}

function listenButton(text) {
  const listen = button("sound", "Lees voor", () => {
    if (listen.getAttribute("aria-pressed") === "true") return stopReading();
    listen.setAttribute("aria-pressed", "true");
    readAloud(text, () => listen.setAttribute("aria-pressed", "false"));
  }, { hidden: true, aria: { pressed: "false" } });
  return listen;
}

function thumbs(row, below, say, rate) {
  const why = element("div", { className: "drawer why", hidden: true, aria: { role: "group", label: "Wat kon er beter?" } });
  why.append(
    paragraph("Wat kon er beter? Je mag dit overslaan."),
    ...Object.entries(REASONS).map(([reason, words]) => element("button", { type: "button", onclick: () => send(false, reason) }, words)),
    element("button", { type: "button", onclick: () => send(false) }, "Overslaan"),
  );
  below.append(why);
  const yes = button("yes", "", () => send(true), { className: "thumb", aria: { label: "Dit helpt mij" } });
  const no = button("no", "", () => {
    why.hidden = !why.hidden;
    no.setAttribute("aria-expanded", String(!why.hidden));
    if (!why.hidden) why.querySelector("button").focus();
  }, { className: "thumb", aria: { label: "Dit helpt mij niet", expanded: "false" } });
  return [yes, no];

  async function send(helpful, reason) {
    try {
      await rate(helpful, reason);
    } catch (error) {
      return say(error.message && error.status ? error.message : "Dat kwam niet aan. Probeer het straks nog eens.");
    }
    const thanks = element("p", { className: "thanks", tabIndex: -1 }, helpful ? "Fijn, dank je wel." : "Dank je. Daar leren we van.");
    yes.remove();
    no.remove();
    why.remove();
    row.append(thanks);
    thanks.focus({ preventScroll: true });
  }
}
