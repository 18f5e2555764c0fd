// The chat page of one practice: sends what the patient types or clicks to /api/conversations and shows the replies.
// Everything from the server is text; nothing is ever parsed as HTML.

const MAX_CHARS = 1000; // the server's own limit
const COUNT_FROM = 900;
const REQUEST_TIMEOUT_MS = 20_000;
const SLOW_AFTER_MS = 2_500; // only then is a screen reader told that an answer is coming, once
const GONE = [401, 404, 410]; // the conversation has expired or was wiped
const REFUSED = [400, 403, 413, 415, 422]; // sending the same again will not help

const { practice, phone } = document.body.dataset;
const storageKey = `ruggesteun:chat:${practice}`;
const byId = (id) => document.getElementById(id);
const [log, input, counter, statusLine] = ["log", "input", "counter", "status"].map(byId);
const wipeDialog = byId("wipe-dialog");

let session = readSession(); // {id, token}, or null before the first conversation
let shown = false; // the stored talk is on the screen
let lastId = 0; // highest message id seen
let busy = false; // one request at a time
let epoch = 0; // counts wipes: what arrives from before a wipe is dropped
let host = null; // origin of the site that embeds us, once widget.js has said hello
const queue = []; // messages not yet answered: {body, bubble, unsure, renewed}

// ---------------------------------------------------------------- the conversation

class Failure extends Error {
  constructor(status, message = "") {
    super(message);
    this.status = status; // 0: no answer at all
  }
}
class Wiped extends Error {}

async function request(method, path, body) {
  const started = epoch;
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (session) headers.Authorization = `Bearer ${session.token}`;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), REQUEST_TIMEOUT_MS);
  let status = 0;
  let data = null;
  try {
    const response = await fetch(`/api/conversations${path}`, {
      method, headers, body: body && JSON.stringify(body), signal: abort.signal, cache: "no-store", credentials: "omit",
    });
    status = response.status;
    if (status !== 204) data = await response.json();
  } catch {
    // No network, a timeout, or an answer that is not ours: `data` stays null.
  } finally {
    clearTimeout(timer);
  }
  if (started !== epoch) throw new Wiped();
  if (status === 204) return null;
  if (status < 200 || status >= 300) throw new Failure(status, data?.error?.message);
  if (!data) throw new Failure(0);
  return data;
}

// Does all there is to do: shows the stored talk, or starts one, then sends what waits.
async function run() {
  if (busy) return;
  busy = true;
  const started = epoch;
  log.querySelector(".notice.failed")?.remove();
  setTyping(queue.length > 0);
  try {
    if (session && !shown) await restore();
    if (!session) await begin();
    log.setAttribute("aria-live", "polite");
    while (queue.length) await sendFirst();
  } catch (error) {
    if (error instanceof Wiped) return;
    if (!(error instanceof Failure)) console.error(error);
    showFailure(error);
  } finally {
    if (started === epoch) {
      busy = false;
      setTyping(false);
    }
  }
}

async function restore() {
  try {
    const { messages } = await request("GET", `/${session.id}/messages`);
    messages.forEach((message) => addMessage(message, { announce: false }));
    shown = true;
    markNewest();
    scrollToEnd();
    // A screen reader looks at the live region when the browser gets to it: leave the old messages time to settle.
    await new Promise((resolve) => setTimeout(resolve, 300));
  } catch (error) {
    if (!GONE.includes(error.status)) throw error;
    writeSession(null);
  }
}

async function begin() {
  const { id, token, messages } = await request("POST", "", { practice });
  writeSession({ id, token });
  lastId = Math.max(0, ...messages.map((message) => message.id));
  // Not when an expired conversation is renewed in the middle of a talk: nobody wants to be greeted twice.
  if (shown) return;
  shown = true;
  log.setAttribute("aria-live", "polite");
  messages.forEach((message) => addMessage(message));
  markNewest();
}

async function sendFirst() {
  const item = queue[0];
  setTyping(true);
  setNote(item.bubble, "");
  let data;
  try {
    // A request that got no answer may have arrived all the same.
    data = (item.unsure && (await missedMessages())) || (await request("POST", `/${session.id}/messages`, item.body));
  } catch (error) {
    if (GONE.includes(error.status) && !item.renewed) {
      item.renewed = true;
      item.unsure = false;
      writeSession(null);
      return begin();
    }
    if (REFUSED.includes(error.status)) return refuse(item, error);
    item.unsure = error.status === 0;
    throw error;
  }
  queue.shift();
  setTyping(queue.length > 0);
  const own = data.messages.find((message) => message.author === "patient");
  const replies = data.messages.filter((message) => message.author === "assistant");
  delete item.bubble.dataset.waiting;
  if (own) {
    // Shown as it was stored: the server takes out what should not be kept, such as a phone number.
    item.bubble.querySelector(".text").replaceChildren(own.text);
    lastId = Math.max(lastId, own.id);
  }
  const nodes = replies.map((message) => addMessage(message));
  markNewest();
  // The question stays in sight above its answer, but not where an alarm or a low screen needs the room.
  const isAlarm = replies.some((message) => message.reply.kind.startsWith("alarm"));
  scrollTo(nodes.length && (isAlarm || scroller() !== log) ? nodes[0] : item.bubble);
}

async function missedMessages() {
  const { messages } = await request("GET", `/${session.id}/messages`);
  const newer = messages.filter((message) => message.id > lastId);
  return newer.some((message) => message.author === "patient") ? { messages: newer } : null;
}

// The server will not take this message: give the words back and say why.
function refuse(item, error) {
  queue.shift();
  item.bubble.remove();
  if (item.body.text && !input.value.trim()) {
    input.value = item.body.text;
    inputChanged();
  }
  addNotice([error.message || "Dit bericht kan ik niet versturen.", `Je kunt ons ook bellen: ${phone}.`]);
}

function send(body, title) {
  const bubble = addMessage({ author: "patient", text: title });
  bubble.dataset.waiting = "";
  if (busy && queue.length) setNote(bubble, "Wacht op het vorige antwoord");
  queue.push({ body, bubble, unsure: false, renewed: false });
  scrollToEnd();
  run();
}

async function wipe() {
  wipeDialog.close();
  const started = ++epoch;
  busy = true;
  setTyping(false);
  try {
    if (session) await request("DELETE", `/${session.id}`);
  } catch (error) {
    if (error instanceof Wiped) return;
    if (!GONE.includes(error.status)) {
      busy = false;
      addNotice([`Wissen lukt nu niet. Probeer het straks nog eens, of bel ons: ${phone}.`]);
      // What was on its way when the patient asked to wipe is sent, or fails, in the open.
      queue.forEach((item) => (item.unsure = true));
      if (queue.length) run();
      return;
    }
  }
  if (started !== epoch) return;
  queue.length = 0;
  writeSession(null);
  shown = false;
  busy = false;
  log.replaceChildren();
  say("Je gesprek is gewist.");
  takeFocus();
  run();
}

function readSession() {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey));
  } catch {
    return null;
  }
}

function writeSession(value) {
  session = value;
  try {
    if (value) sessionStorage.setItem(storageKey, JSON.stringify(value));
    else sessionStorage.removeItem(storageKey);
  } catch {
    // Storage may be forbidden in an iframe: the talk then lasts until the page is left.
  }
}

// ---------------------------------------------------------------- messages on the screen

function element(tag, properties = {}, ...children) {
  const { dataset, ...rest } = properties;
  const node = Object.assign(document.createElement(tag), rest);
  Object.assign(node.dataset, dataset);
  node.append(...children);
  return node;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

const speaker = (name) => element("span", { className: "hidden" }, `${name}: `);

function addMessage(message, { announce = true } = {}) {
  if (message.id) lastId = Math.max(lastId, message.id);
  const node = message.author === "patient" ? patientBubble(message.text) : replyBubble(message.reply, announce);
  // What the server has stored goes before the messages that still wait, so that each answer follows its question.
  const next = message.id ? log.querySelector("[data-waiting]") : null;
  log.insertBefore(node, next || log.querySelector(".typing"));
  return node;
}

function patientBubble(text) {
  const node = element("div", { className: "message patient" }, speaker("Jij"), element("p", { className: "text", dir: "auto" }, text ?? ""));
  node.setAttribute("aria-live", "off"); // the patient knows what they wrote
  return node;
}

function replyBubble(reply, announce) {
  const isAlarm = reply.kind === "alarm";
  const bubble = element("div", { className: "bubble" }, ...alarmHeading(reply));
  for (const text of reply.paragraphs) bubble.append(paragraph(text));
  if (reply.image) bubble.append(element("img", { src: reply.image.url, alt: reply.image.alt, className: "picture" }));
  if (reply.reassurance) {
    bubble.append(element("div", { className: "reassurance" }, icon("heart"), paragraph(reply.reassurance)));
  }
  if (reply.sources?.length) bubble.append(sourceList(reply.sources));

  const node = element(
    "div",
    { className: "message assistant", lang: reply.lang || "nl", dataset: { kind: reply.kind, urgency: reply.urgency } },
    speaker("Assistent"),
    bubble,
  );
  if (reply.crisis) node.dataset.crisis = "";
  // role=alert interrupts the screen reader. In a talk that is shown again it would interrupt for old news.
  if (isAlarm) bubble.setAttribute("role", announce ? "alert" : "group");
  if (isAlarm && !announce) bubble.setAttribute("aria-label", "Belangrijk");
  node.append(...buttonGroups(reply.buttons || []));
  return node;
}

// No alarm colours and no heading for someone in a crisis: the words themselves are meant to be calm.
function alarmHeading(reply) {
  if (reply.crisis && reply.urgency !== "112") return [];
  if (reply.kind === "alarm") return [element("p", { className: "alarm-heading" }, icon("warning"), "Belangrijk")];
  if (reply.kind === "alarm_question") return [element("p", { className: "alarm-heading" }, icon("question"), "Even een vraag")];
  return [];
}

function paragraph(text) {
  return element("p", { dir: "auto" }, ...withLinks(text));
}

function sourceList(sources) {
  const items = sources.map(({ title, url }) => {
    const isLink = /^https?:\/\//.test(url || "");
    return element("li", {}, isLink ? element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, title) : title);
  });
  return element(
    "details",
    { className: "sources" },
    element("summary", {}, sources.length > 1 ? "Bronnen" : "Bron"),
    element("ul", {}, ...items),
  );
}

function buttonGroups(buttons) {
  const isFeedback = ({ id }) => id === "feedback.yes" || id === "feedback.no";
  const groups = [];
  for (const [className, label, members] of [
    ["chips", "Vragen die je kunt kiezen", buttons.filter((button) => !isFeedback(button))],
    ["feedback", "Had je hier iets aan?", buttons.filter(isFeedback)],
  ]) {
    if (!members.length) continue;
    const group = element("div", { className }, ...members.map(replyButton));
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", label);
    groups.push(group);
  }
  return groups;
}

function replyButton({ id, title }) {
  const button = element("button", { type: "button" });
  if (id === "feedback.yes") button.append(icon("yes"));
  if (id === "feedback.no") button.append(icon("no"));
  button.append(title);
  button.addEventListener("click", () => send({ button: id }, title));
  return button;
}

// Older choices stay usable but step back. Feedback is about the newest answer only, so older thumbs go.
function markNewest() {
  const replies = [...log.querySelectorAll(".message.assistant")];
  const newest = replies.pop();
  for (const reply of replies) {
    reply.classList.add("older");
    const feedback = reply.querySelector(".feedback");
    if (!feedback) continue;
    if (feedback.contains(document.activeElement)) log.focus({ preventScroll: true });
    feedback.remove();
  }
  newest?.classList.remove("older");
}

function setNote(bubble, text) {
  bubble.querySelector(".note")?.remove();
  if (text) bubble.append(element("p", { className: "note" }, text));
}

function addNotice(paragraphs, ...buttons) {
  const notice = element("div", { className: "message notice" }, ...paragraphs.map(paragraph), ...buttons);
  log.insertBefore(notice, log.querySelector(".typing"));
  scrollToEnd();
  return notice;
}

function showFailure(error) {
  const retry = element("button", { type: "button", className: "button" }, icon("retry"), "Opnieuw proberen");
  retry.addEventListener("click", () => {
    takeFocus();
    run();
  });
  queue.forEach((item) => setNote(item.bubble, "Nog niet verstuurd"));
  const offline = queue.length
    ? "Je bericht is niet aangekomen. Heb je internet? Probeer het dan opnieuw."
    : "De chat doet het nu even niet. Heb je internet? Probeer het dan opnieuw.";
  log.setAttribute("aria-live", "polite");
  addNotice([error.message && error.status ? error.message : offline, `Je kunt ons ook bellen: ${phone}. Is er direct gevaar? Bel 112.`], retry)
    .classList.add("failed");
}

let slowTimer = 0;

function setTyping(on) {
  const current = log.querySelector(".typing");
  if (on && !current) {
    const dots = element("div", { className: "typing" }, element("i"), element("i"), element("i"));
    dots.setAttribute("aria-hidden", "true");
    log.append(dots);
    slowTimer = setTimeout(() => say("Een ogenblik, het antwoord komt eraan."), SLOW_AFTER_MS);
  } else if (!on) {
    clearTimeout(slowTimer);
    current?.remove();
  }
}

// For screen readers only, and away from the log: said once, then gone.
function say(text) {
  statusLine.textContent = text;
  setTimeout(() => statusLine.textContent === text && (statusLine.textContent = ""), 4_000);
}

// Links in plain text: web and e-mail addresses, Dutch and Belgian phone numbers, and the short emergency and help
// lines: 112, 113 (suicide prevention), 1733 (Belgian GP on duty), 1813 (Flemish suicide line).
const LINKS = new RegExp(
  [
    "(?<url>https?://[^\\s<>()]*[^\\s<>().,;:!?])",
    "(?<mail>[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+)",
    "(?<site>(?:[a-z0-9-]+\\.)+(?:nl|be|com|org)(?![\\w-])(?:/[^\\s()]*[^\\s().,;:!?])?)",
    "(?<date>\\d{1,2}-\\d{1,2}-\\d{4})", // looks like a phone number, is none
    "(?<phone>(?:\\(0\\d{1,3}\\)|\\+\\d{2}(?:\\s?\\(0\\))?|0)(?:\\s?[-–/]?\\s?\\d){7,10})",
    "(?<short>112|113|1733|1813)",
  ].join("|"),
  "gu",
);

function withLinks(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(LINKS)) {
    const { url, mail, site, phone: number, short } = match.groups;
    const end = match.index + match[0].length;
    const insideWord = /[\p{L}\d]/u.test(text[match.index - 1] || "") || /^(?:[\p{L}\d]|[.,]\d)/u.test(text.slice(end));
    const href =
      url || (mail && `mailto:${mail}`) || (site && `https://${site}`) ||
      ((number || short) && `tel:${match[0].replace("(0)", "").replace(/[^\d+]/g, "")}`);
    if (!href || insideWord) continue;
    // A phone link in an iframe falls under the host page's frame-src; as a link of the whole page it always works.
    const target = href.startsWith("http") ? "_blank" : "_top";
    // dir: in a reply in Arabic the groups of a phone number would change places.
    nodes.push(text.slice(from, match.index), element("a", { href, target, rel: "noopener noreferrer", dir: "ltr" }, match[0]));
    from = end;
  }
  nodes.push(text.slice(from));
  return nodes;
}

// ---------------------------------------------------------------- scrolling and focus

// On a very low screen (400 % zoom) the whole page scrolls instead of the log.
function scroller() {
  return getComputedStyle(log).overflowY === "visible" ? document.scrollingElement : log;
}

function scrollToEnd() {
  const box = scroller();
  box.scrollTo({ top: box.scrollHeight });
}

// To the end when all from `node` on fits; otherwise `node` goes to the top, so that a long answer is read from its start.
function scrollTo(node) {
  const box = scroller();
  const top = box === log ? log.getBoundingClientRect().top : 0;
  box.scrollTo({ top: Math.min(box.scrollTop + node.getBoundingClientRect().top - top - 12, box.scrollHeight) });
}

// On a touch screen the focus stays out of the input: the keyboard would cover the answer.
function takeFocus() {
  (matchMedia("(pointer: coarse)").matches ? byId("title") : input).focus({ preventScroll: true });
}

// ---------------------------------------------------------------- what the patient does

const lengthOf = (text) => [...text].length; // counts characters as the server does, also for emoji

let countLevel = 0;

function inputChanged() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
  const length = lengthOf(input.value.trim());
  const over = length - MAX_CHARS;
  counter.hidden = length <= COUNT_FROM;
  counter.textContent = over > 0 ? `${over} ${over === 1 ? "teken" : "tekens"} te veel. Maak je vraag wat korter.` : `Nog ${-over} tekens`;
  counter.classList.toggle("over", over > 0);
  input.setAttribute("aria-invalid", String(over > 0));
  // Spoken when a limit is passed, not at every key.
  const level = (length > COUNT_FROM) + (over > 0);
  if (level > countLevel) say(counter.textContent);
  countLevel = level;
}

function submit() {
  const text = input.value.trim();
  input.focus();
  if (!text) return;
  if (lengthOf(text) > MAX_CHARS) return say(counter.textContent);
  input.value = "";
  inputChanged();
  send({ text }, text);
}

function closePanel() {
  if (host) parent.postMessage({ ruggesteun: "close" }, host);
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
input.addEventListener("input", inputChanged);
input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
});
byId("close").addEventListener("click", closePanel);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !wipeDialog.open) closePanel();
});
byId("wipe").addEventListener("click", () => wipeDialog.showModal());
byId("wipe-no").addEventListener("click", () => wipeDialog.close());
byId("wipe-yes").addEventListener("click", wipe);

addEventListener("message", (event) => {
  // The first site to say hello from the parent window is the only one we answer.
  if (parent === window || event.source !== parent || (host && host !== event.origin)) return;
  if (event.data?.ruggesteun !== "open") return;
  host = event.origin;
  byId("close").hidden = false;
  if (event.data.focus) takeFocus();
});

byId("composer").hidden = false;
byId("wipe").hidden = false;
run();
