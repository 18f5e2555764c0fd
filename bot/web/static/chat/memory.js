// What the browser keeps. Storage may be forbidden in an iframe: then the talk lasts until the page is left.

const TEXT_SIZE = "ruggesteun:letters";

/**
 * The talk of this tab: `agreed` to the notice, the `session` {id, token}, and the `queue` of what is not yet answered.
 * With `longer` the patient wants to come back to it another day: then it outlives the tab.
 */
export class TalkMemory {
  #outlives; // what stands in the browser's lasting storage is this talk, and not that of another tab

  constructor(practice) {
    this.key = `ruggesteun:chat:${practice}`;
    const own = read(sessionStorageOrNull(), this.key);
    const kept = own ?? read(localStorageOrNull(), this.key) ?? {};
    this.#outlives = !own && kept.longer === true;
    this.longer = this.#outlives;
    this.agreed = kept.agreed === true;
    this.session = kept.session ?? null;
    this.queue = Array.isArray(kept.queue) ? kept.queue : [];
  }

  save() {
    const { agreed, session, queue, longer } = this;
    const kept = agreed || session ? { agreed, session, queue, longer } : null;
    write(sessionStorageOrNull(), this.key, longer ? null : kept);
    if (longer || this.#outlives) write(localStorageOrNull(), this.key, longer ? kept : null);
    this.#outlives = longer;
  }

  forget() {
    Object.assign(this, { agreed: false, session: null, queue: [], longer: false });
    this.save();
  }
}

export const largeText = {
  get: () => read(localStorageOrNull(), TEXT_SIZE) === true,
  set: (on) => write(localStorageOrNull(), TEXT_SIZE, on || null),
};

function read(storage, key) {
  try {
    return JSON.parse(storage?.getItem(key));
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    if (value === null) storage?.removeItem(key);
    else storage?.setItem(key, JSON.stringify(value));
  } catch {
    // Full, or forbidden after all.
  }
}

function sessionStorageOrNull() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

function localStorageOrNull() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
