// The chat page of one practice: puts the talk (talk.js) on the screen.

import { byId } from "./dom.js";
import { closePanel, whenOpened } from "./host.js";
import { largeText } from "./memory.js";
import { stopReading } from "./speech.js";
import { Talk } from "./talk.js";
import "./composer.js";
import "./log.js";
import "./menu.js";

const SLOW_AFTER_MS = 2_500; // only then is a screen reader told that an answer is coming, once
const SPOKEN_MS = 4_000;
const SETTLE_MS = 300; // a screen reader looks at the live region when the browser gets to it: old messages settle first

const { practice: id, name, phone } = document.body.dataset;
const [log, composer, notice, statusLine] = ["log", "composer", "notice", "status"].map(byId);
const [wipeDialog, privacyDialog] = ["wipe-dialog", "privacy-dialog"].map(byId);

const keptLonger = byId("longer"); // null where the server does not offer it

const view = {
  // What the server says of the conversation beside its messages.
  about({ trial, kept_until: keptUntil = null }) {
    byId("trial").hidden = !trial;
    keptLonger?.setAttribute("aria-pressed", String(keptUntil !== null));
  },
  asked() {
    showNotice(true);
    takeFocus();
  },
  queued(item, behindAnother) {
    log.addWaiting(item);
    if (behindAnother) log.note(item, "Wacht op het vorige antwoord");
    scrollToEnd();
  },
  unqueued: (item) => log.dropWaiting(item),
  restored(messages) {
    messages.forEach((message) => add(message, false));
    log.markNewest();
    scrollToEnd();
    setTimeout(() => log.listen(), SETTLE_MS);
  },
  greeted(messages) {
    log.listen();
    messages.forEach((message) => add(message));
    log.markNewest();
  },
  sending: (item) => log.note(item, ""),
  answered(item, own, replies) {
    const bubble = log.settle(item, own?.text);
    const nodes = replies.map((message) => add(message));
    log.markNewest();
    // The question stays in sight above its answer, but not where an alarm or a low screen needs the room.
    const isAlarm = replies.some((message) => message.reply.kind.startsWith("alarm"));
    scrollTo(nodes.length && (isAlarm || scroller() !== log) ? nodes[0] : bubble);
  },
  // The server will not take this message: give the words back and say why.
  refused(item, error) {
    log.dropWaiting(item);
    if (item.body.text) composer.giveBack(item.body.text);
    log.addNotice([error.message || "Dit bericht kan ik niet versturen.", `Je kunt ons ook bellen: ${phone}.`]);
    scrollToEnd();
  },
  failed(error, queue) {
    queue.forEach((item) => log.note(item, "Nog niet verstuurd"));
    if (log.querySelector(".failed")) return; // said already; each attempt would say it again
    const offline = queue.length
      ? "Ik krijg geen verbinding. Je bericht wordt vanzelf verstuurd zodra het kan."
      : "Ik krijg geen verbinding. Ik probeer het vanzelf opnieuw.";
    log.listen();
    log.addNotice([error.status && error.message ? error.message : offline, `Bellen kan ook: ${phone}. Is er direct gevaar? Bel 112.`], {
      failed: true,
      retry: () => {
        takeFocus();
        talk.run();
      },
    });
    scrollToEnd();
  },
  recovered: () => log.querySelector(".failed")?.remove(),
  waiting(on) {
    log.typing(on);
    clearTimeout(slowTimer);
    if (on) slowTimer = setTimeout(() => say("Een ogenblik, het antwoord komt eraan."), SLOW_AFTER_MS);
  },
  cleared() {
    stopReading();
    log.clear();
    showNotice(!talk.agreed);
  },
};

let slowTimer = 0;
const talk = new Talk(id, view);

function add(message, announce = true) {
  return log.addMessage(message, {
    practice: { name, phone },
    say,
    choose: (choice) => talk.say({ button: choice.id }, choice.title),
    rate: (helpful, reason) => talk.rate(message.id, helpful, reason),
  }, announce);
}

// For screen readers, and for a moment in sight: said once, then gone.
function say(text) {
  statusLine.textContent = text;
  setTimeout(() => statusLine.textContent === text && (statusLine.textContent = ""), SPOKEN_MS);
}

function showNotice(on) {
  notice.hidden = !on;
  log.hidden = composer.hidden = byId("wipe").hidden = byId("menu").hidden = on;
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
  if (!notice.hidden) byId("agree").focus({ preventScroll: true });
  else (matchMedia("(pointer: coarse)").matches ? byId("title") : composer.input).focus({ preventScroll: true });
}

// ---------------------------------------------------------------- what the patient does

byId("agree").addEventListener("click", () => {
  showNotice(false);
  talk.agree();
  takeFocus();
});
composer.addEventListener("say", ({ detail }) => talk.say({ text: detail }, detail));
composer.addEventListener("speak", ({ detail }) => say(detail));

byId("renew").addEventListener("click", () => {
  talk.renew();
  say("Je begint een nieuw gesprek.");
  takeFocus();
});
keptLonger?.addEventListener("click", async () => {
  const longer = keptLonger.getAttribute("aria-pressed") !== "true";
  try {
    await talk.keep(longer);
  } catch (error) {
    return say((error.status && error.message) || "Dat lukt nu niet. Probeer het straks nog eens.");
  }
  keptLonger.setAttribute("aria-pressed", String(longer));
  const { longer: days, usual } = keptLonger.dataset;
  say(longer ? `We bewaren dit gesprek ${days}, ook als je de chat sluit.` : `We bewaren dit gesprek nu ${usual}.`);
});
byId("print").addEventListener("click", () => print());
byId("large").addEventListener("click", () => enlarge(!document.documentElement.classList.contains("large")));
for (const opener of document.querySelectorAll(".open-privacy")) opener.addEventListener("click", () => privacyDialog.showModal());
byId("privacy-close").addEventListener("click", () => privacyDialog.close());

byId("wipe").addEventListener("click", () => wipeDialog.showModal());
byId("wipe-no").addEventListener("click", () => wipeDialog.close());
byId("wipe-yes").addEventListener("click", async () => {
  wipeDialog.close();
  try {
    await talk.wipe();
    say("Je gesprek is gewist.");
    takeFocus();
  } catch {
    log.addNotice([`Wissen lukt nu niet. Probeer het straks nog eens, of bel ons: ${phone}.`]);
    scrollToEnd();
  }
});

byId("close").addEventListener("click", closePanel);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !wipeDialog.open && !privacyDialog.open) closePanel();
});
addEventListener("pagehide", stopReading);
whenOpened((focus) => {
  byId("close").hidden = false;
  if (focus) takeFocus();
});

function enlarge(on) {
  largeText.set(on);
  document.documentElement.classList.toggle("large", on);
  byId("large").setAttribute("aria-pressed", String(on));
}

enlarge(largeText.get());
showNotice(!talk.agreed);
talk.resume();
