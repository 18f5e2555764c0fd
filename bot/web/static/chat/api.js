// The server's JSON API, as bot/api.py describes it.

const REQUEST_TIMEOUT_MS = 20_000;

/**
 * The server refused, or did not answer: `status` is 0 then. `code` is the server's word for why; `message` its own
 * sentence, made for patients.
 */
export class Failure extends Error {
  constructor(status, { code = "", message = "" } = {}) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** The conversation has expired or was wiped. */
  get gone() {
    return [401, 404, 410].includes(this.status);
  }

  /** Sending the same again will not help. */
  get final() {
    return [400, 403, 413, 415, 422].includes(this.status);
  }
}

/** One request. Resolves to the JSON of the answer, or null where it has none; rejects with a Failure. */
export async function call(method, path, { body, token } = {}) {
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
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
  if (status === 204) return null;
  if (status < 200 || status >= 300) throw new Failure(status, data?.error);
  if (!data) throw new Failure(0);
  return data;
}
