// <rug-reply>: one reply of the assistant, in the look that its kind asks for.

import { element, icon, spoken } from "./dom.js";
import { paragraph, withLinks } from "./links.js";
import { toolsFor } from "./tools.js";

const FEEDBACK = new Set(["feedback.yes", "feedback.no"]); // for channels without thumbs of their own

export class RugReply extends HTMLElement {
  /** `announce`: new, so an alarm interrupts. `desk`: {practice, say, choose(button), rate(helpful, reason)}. */
  show(reply, announce, desk) {
    const { kind, urgency, crisis } = reply;
    this.className = "message assistant";
    this.lang = reply.lang || "nl";
    Object.assign(this.dataset, { kind, urgency }, crisis ? { crisis: "" } : {});
    const bubble = element("div", { className: "bubble" }, ...heading(reply));
    if (reply.heard) bubble.append(element("p", { className: "heard", dir: "auto" }, reply.heard));
    bubble.append(...reply.paragraphs.map(paragraph));
    if (reply.step) bubble.append(step(reply.step));
    if (reply.image) bubble.append(picture(reply.image));
    if (reply.reassurance) bubble.append(reassurance(reply.reassurance));
    if (reply.vangnet?.length) bubble.append(vangnet(reply.vangnet));
    if (reply.question) bubble.append(paragraph(reply.question));
    if (kind === "alarm") {
      // role=alert interrupts the screen reader. In a talk that is shown again it would interrupt for old news.
      bubble.setAttribute("role", announce ? "alert" : "group");
      if (!announce) bubble.setAttribute("aria-label", "Belangrijk");
    }
    this.append(spoken("Assistent: "), ...(reply.reminder ? [reminder(reply.reminder)] : []), bubble);
    if (kind === "answer") this.append(...toolsFor(reply, desk));
    const choices = (reply.buttons || []).filter(({ id }) => !FEEDBACK.has(id));
    if (choices.length) this.append(chips(choices, desk.choose));
    return this;
  }
}

// No alarm colours and no heading for someone in a crisis: the words themselves are meant to be calm.
function heading({ kind, crisis, urgency }) {
  if (crisis && urgency !== "112") return [];
  if (kind === "alarm") return [element("p", { className: "alarm-heading" }, icon("warning"), "Belangrijk")];
  if (kind === "alarm_question") return [element("p", { className: "alarm-heading" }, icon("question"), "Even een vraag")];
  return [];
}

function picture({ url, alt }) {
  return element("img", { src: url, alt, className: "picture", width: 640, height: 400, loading: "lazy" });
}

function reassurance(text) {
  return element("div", { className: "reassurance" }, icon("heart"), element("p", { dir: "auto" }, ...withLinks(text)));
}

// An alarm that is still open: its own box in the alarm's look, so that the answer below it stays calm.
function reminder(text) {
  return element("p", { className: "reminder", dir: "auto" }, icon("warning"), element("span", {}, ...withLinks(text)));
}

function step(text) {
  return element("p", { className: "step", dir: "auto" }, ...withLinks(text));
}

// When to call a doctor after all: in sight, and calm.
function vangnet(lines) {
  const title = element("p", { className: "vangnet-title" }, "Let op");
  return element("div", { className: "vangnet", aria: { role: "group", label: "Let op" } }, title, ...lines.map(paragraph));
}

function chips(choices, choose) {
  const group = element("div", { className: "chips", aria: { role: "group", label: "Vragen die je kunt kiezen" } });
  group.append(...choices.map((choice) => element("button", { type: "button", onclick: () => choose(choice) }, choice.title)));
  return group;
}

customElements.define("rug-reply", RugReply);
