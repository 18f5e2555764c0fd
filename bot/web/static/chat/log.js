// <rug-log>: the messages of the talk, in order, and what a screen reader hears of them.

import { button, element, spoken } from "./dom.js";
import { paragraph } from "./links.js";
import "./reply.js";

export class RugLog extends HTMLElement {
  #bubbles = new Map(); // client id -> bubble of a message that waits

  connectedCallback() {
    this.setAttribute("role", "log");
    this.setAttribute("aria-label", "Gesprek");
    this.setAttribute("aria-live", "off"); // until the talk of before a reload stands there: it is not read out
    this.tabIndex = 0;
  }

  /** From now on a screen reader reads what is added. */
  listen() {
    this.setAttribute("aria-live", "polite");
  }

  clear() {
    this.#bubbles.clear();
    this.replaceChildren();
    this.setAttribute("aria-live", "off");
  }

  addMessage(message, desk, announce = true) {
    const node = message.author === "patient" ? patientBubble(message.text) : document.createElement("rug-reply").show(message.reply, announce, desk);
    // What the server has stored goes before the messages that still wait, so that each answer follows its question.
    this.insertBefore(node, this.querySelector("[data-waiting]") || this.querySelector(".typing"));
    return node;
  }

  addWaiting({ title, body }) {
    const bubble = patientBubble(title);
    bubble.dataset.waiting = "";
    this.#bubbles.set(body.client_id, bubble);
    this.insertBefore(bubble, this.querySelector(".typing"));
    return bubble;
  }

  /** The message has its answer. `text`: as the server keeps it, without what it took out, such as a phone number. */
  settle({ body }, text) {
    const bubble = this.#bubbles.get(body.client_id);
    this.#bubbles.delete(body.client_id);
    delete bubble.dataset.waiting;
    this.note({ body }, "", bubble);
    if (text !== undefined) bubble.querySelector(".text").replaceChildren(text);
    return bubble;
  }

  dropWaiting({ body }) {
    this.#bubbles.get(body.client_id)?.remove();
    this.#bubbles.delete(body.client_id);
  }

  /** A few words under a message that waits. */
  note({ body }, text, bubble = this.#bubbles.get(body.client_id)) {
    bubble?.querySelector(".note")?.remove();
    if (text) bubble?.append(element("p", { className: "note" }, text));
  }

  addNotice(paragraphs, { failed = false, retry } = {}) {
    const again = retry ? [button("retry", "Opnieuw proberen", retry, { className: "button" })] : [];
    const notice = element("div", { className: `message notice${failed ? " failed" : ""}` }, ...paragraphs.map(paragraph), ...again);
    this.insertBefore(notice, this.querySelector(".typing"));
    return notice;
  }

  /** Older choices stay usable but step back. */
  markNewest() {
    const replies = [...this.querySelectorAll("rug-reply")];
    replies.forEach((reply, index) => reply.classList.toggle("older", index < replies.length - 1));
  }

  typing(on) {
    const dots = this.querySelector(".typing");
    if (!on) dots?.remove();
    else if (!dots) this.append(element("div", { className: "typing", aria: { hidden: "true" } }, element("i"), element("i"), element("i")));
  }
}

function patientBubble(text) {
  const words = element("p", { className: "text", dir: "auto" }, text ?? "");
  // The patient knows what they wrote.
  return element("div", { className: "message patient", aria: { live: "off" } }, spoken("Jij: "), words);
}

customElements.define("rug-log", RugLog);
