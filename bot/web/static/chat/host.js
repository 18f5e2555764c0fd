// The practice's site around the chat: widget.js says hello, and we may ask it to close the panel. Nothing else passes.

let site = null; // origin of the site that embeds us, once widget.js has said hello

export const closePanel = () => site && parent.postMessage({ ruggesteun: "close" }, site);

/** Calls back each time that the panel is opened, with whether the patient did that. */
export function whenOpened(callback) {
  addEventListener("message", (event) => {
    // The first site to say hello from the parent window is the only one we answer; frame-ancestors says which may.
    if (parent === window || event.source !== parent || (site && site !== event.origin)) return;
    if (event.data?.ruggesteun !== "open") return;
    site = event.origin;
    parent.postMessage({ ruggesteun: "ready" }, site);
    callback(Boolean(event.data.focus));
  });
}
