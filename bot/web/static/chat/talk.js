// The conversation with the server: one request at a time, in order, and nothing lost or doubled on a bad connection.
// Knows nothing of the screen: a `view` is told what happens (see chat.js).

import { call, Failure } from "./api.js";
import { TalkMemory } from "./memory.js";

const RETRY_MS = [2_000, 4_000, 8_000, 15_000, 30_000];

class Outdated extends Error {} // an answer from before the talk was wiped or begun anew

class NotAgreed extends Error {} // the server knows of no consent in this conversation

export class Talk {
  #practice;
  #view;
  #memory;
  #shown = false; // the stored talk is on the screen
  #saysYes = false; // the consent is for a conversation that the server has begun already
  #busy = false;
  #era = 0; // counts wipes and new beginnings: what arrives from before one is dropped
  #retries = 0;
  #timer = 0;

  constructor(practice, view) {
    this.#practice = practice;
    this.#view = view;
    this.#memory = new TalkMemory(practice);
    addEventListener("online", () => this.run());
  }

  get agreed() {
    return this.#memory.agreed;
  }

  /** Shows what was there before a reload, and sends what was still waiting then. */
  resume() {
    this.#memory.queue.forEach((item) => this.#view.queued(item));
    this.run();
  }

  /** The patient has read the notice: only now does a conversation begin, or go on. */
  agree() {
    this.#saysYes = this.#memory.session !== null;
    this.#memory.agreed = true;
    this.#memory.save();
    this.run();
  }

  /** Queues a text (`{text}`) or a press (`{button}`); `title` is what the screen shows of it. */
  say(content, title) {
    // The id goes along each time that the message is sent, so that the server answers it once.
    const item = { title, body: { ...content, client_id: uuid() } };
    this.#memory.queue.push(item);
    this.#memory.save();
    this.#view.queued(item, this.#busy);
    this.run();
  }

  /** A thumb for an answer. Rejects with a Failure. */
  async rate(message, helpful, reason) {
    await this.#request("POST", "/feedback", reason ? { message, helpful, reason } : { message, helpful });
  }

  /** Has the server keep the talk longer, and this browser with it, or no longer. Rejects with a Failure. */
  async keep(longer) {
    await this.#request("PUT", "/keep", { longer });
    this.#memory.longer = longer;
    this.#memory.save();
  }

  /** Deletes the talk here and on the server, and the consent with it. Rejects with a Failure when it is still there. */
  async wipe() {
    const era = ++this.#era;
    this.#busy = true;
    this.#view.waiting(false);
    try {
      if (this.#memory.session) await this.#request("DELETE", "");
    } catch (error) {
      if (error instanceof Outdated) return;
      if (!(error instanceof Failure && error.gone)) {
        // What was on its way when the patient asked to wipe is sent, or fails, in the open.
        this.#busy = false;
        if (this.#memory.queue.length) this.run();
        throw error;
      }
    }
    if (era === this.#era) this.#begin({ agreed: false });
  }

  /** Begins anew. The old talk serves nobody any more: the server deletes it now, or else by its age. */
  renew() {
    this.#era++;
    const { session } = this.#memory;
    if (session) call("DELETE", `/${session.id}`, { token: session.token }).catch(() => {});
    this.#begin({ agreed: true });
    this.run();
  }

  /** Does all there is to do: shows the stored talk or starts one, then sends what waits. */
  async run() {
    if (this.#busy || !this.#memory.agreed) return;
    clearTimeout(this.#timer);
    this.#busy = true;
    const era = this.#era;
    this.#view.waiting(this.#memory.queue.length > 0 || !this.#memory.session);
    try {
      if (this.#memory.session && this.#saysYes) await this.#consent();
      if (this.#memory.session && !this.#shown) await this.#restore();
      if (!this.#memory.session) await this.#start();
      while (this.#memory.queue.length) await this.#sendFirst();
      this.#retries = 0;
      this.#view.recovered();
    } catch (error) {
      if (error instanceof Outdated) return;
      if (error instanceof NotAgreed) return this.#askAgain();
      if (!(error instanceof Failure)) console.error(error);
      this.#view.failed(error, this.#memory.queue);
      this.#timer = setTimeout(() => this.run(), RETRY_MS[Math.min(this.#retries++, RETRY_MS.length - 1)]);
    } finally {
      if (era === this.#era) {
        this.#busy = false;
        this.#view.waiting(false);
      }
    }
  }

  #begin({ agreed }) {
    clearTimeout(this.#timer);
    this.#memory.forget();
    this.#memory.agreed = agreed;
    this.#memory.save();
    this.#shown = false;
    this.#busy = false;
    this.#view.cleared();
  }

  async #request(method, path, body) {
    const era = this.#era;
    const { id, token } = this.#memory.session;
    let data;
    try {
      data = await call(method, `/${id}${path}`, { body, token });
    } catch (error) {
      throw era === this.#era ? error : new Outdated();
    }
    if (era !== this.#era) throw new Outdated();
    return data;
  }

  #askAgain() {
    this.#memory.agreed = false;
    this.#memory.save();
    this.#view.asked();
  }

  async #consent() {
    try {
      await this.#request("POST", "/consent");
    } catch (error) {
      if (!error.gone) throw error;
      this.#memory.session = null;
    }
    this.#saysYes = false;
  }

  async #restore() {
    let messages, about;
    try {
      ({ messages, ...about } = await this.#request("GET", "/messages"));
    } catch (error) {
      if (!error.gone) throw error;
      Object.assign(this.#memory, { session: null, longer: false });
      return;
    }
    if (!about.consent) throw new NotAgreed();
    this.#view.about(about);
    // A message that was sent before the reload: answered by now, or still to be sent again.
    const answered = (id) => messages[messages.findIndex((one) => one.client_id === id) + 1]?.author === "assistant";
    const done = this.#memory.queue.filter(({ body }) => messages.some((one) => one.client_id === body.client_id) && answered(body.client_id));
    done.forEach((item) => this.#view.unqueued(item));
    this.#memory.queue = this.#memory.queue.filter((item) => !done.includes(item));
    this.#memory.save();
    const waiting = new Set(this.#memory.queue.map(({ body }) => body.client_id));
    this.#view.restored(messages.filter((message) => !waiting.has(message.client_id)));
    this.#shown = true;
  }

  async #start() {
    const era = this.#era;
    const { id, token, messages, ...about } = await call("POST", "", { body: { practice: this.#practice, consent: true } });
    if (era !== this.#era) throw new Outdated();
    this.#memory.session = { id, token };
    this.#memory.save();
    this.#view.about(about);
    // Not when an expired conversation is renewed in the middle of a talk: nobody wants to be greeted twice.
    if (!this.#shown) this.#view.greeted(messages);
    this.#shown = true;
  }

  async #sendFirst() {
    const item = this.#memory.queue[0];
    this.#view.waiting(true);
    this.#view.sending(item);
    let data;
    try {
      data = await this.#request("POST", "/messages", item.body);
    } catch (error) {
      if (error.gone && !item.renewed) {
        item.renewed = true;
        this.#memory.session = null;
        await this.#start();
        return;
      }
      if (error.code === "consent_needed") throw new NotAgreed();
      if (!error.final && !error.gone) throw error;
      this.#done(item);
      this.#view.refused(item, error);
      return;
    }
    this.#done(item);
    const own = data.messages.find((message) => message.author === "patient");
    const replies = data.messages.filter((message) => message.author === "assistant");
    this.#view.answered(item, own, replies);
  }

  #done(item) {
    this.#memory.queue = this.#memory.queue.filter((other) => other !== item);
    this.#memory.save();
    this.#view.waiting(this.#memory.queue.length > 0);
  }
}

// crypto.randomUUID is missing on plain http; getRandomValues is not.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
