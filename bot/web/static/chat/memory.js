// What the browser keeps. Storage may be forbidden in an iframe: then the talk lasts until the page is left.

const TEXT_SIZE = "ruggesteun:letters";

/** The talk of this tab: `agreed` to the notice, the `session` {id, token}, and the `queue` of what is not yet answered. */
export class TalkMemory {
  constructor(practice) {
    this.key = `ruggesteun:chat:${practice}`;
    const kept = read(sessionStorageOrNull(), this.key) ?? {};
    this.agreed = kept.agreed === true;
    this.session = kept.session ?? null;
    this.queue = Array.isArray(kept.queue) ? kept.queue : [];
  }

  save() {
    const { agreed, session, queue } = this;
    write(sessionStorageOrNull(), this.key, agreed || session ? { agreed, session, queue } : null);
  }

  forget() {
    Object.assign(this, { agreed: false, session: null, queue: [] });
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
