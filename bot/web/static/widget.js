// The chat on a practice's own site. One tag is all it takes:
//
//   <script src="https://OUR-ORIGIN/widget.js" data-practice="demo" defer></script>
//
// It adds a launcher and, at the first use, an iframe on our own origin: the site and its plugins cannot reach the
// conversation. Any link to "#ruggesteun" on the site opens it too. A site with a Content-Security-Policy allows our
// origin in script-src and frame-src, nothing else.
(() => {
  "use strict";

  const script = document.currentScript || document.querySelector('script[data-practice][src*="/widget.js"]');
  const practice = script && script.dataset.practice;
  if (!practice) {
    console.error('Ruggesteun: the script tag for widget.js needs data-practice="…".');
    return;
  }
  if (document.querySelector("ruggesteun-widget")) return;

  const origin = new URL(script.src).origin;
  const chatPage = `${origin}/chat/${encodeURIComponent(practice)}`;
  const storageKey = `ruggesteun:open:${practice}`;
  const HASH = "#ruggesteun";
  // After this silence of the iframe, the way out is shown: a link, and a button to close.
  const READY_MS = 8_000;
  const READY_AFTER_LOAD_MS = 2_000; // a page that the browser refused to show "loads" too, and says nothing
  // Where the panel would leave no room for the page, it takes the whole screen.
  const narrow = matchMedia("(max-width: 35em), (max-height: 30em)");

  // When the look cannot be had, a chat in the house colours is better than none. `null`: no such practice.
  const house = { launcher: "Vraag over je rug?", side: "rechts", colour: "#0e5a5c" };
  import(`${origin}/widget/${encodeURIComponent(practice)}.js`)
    .then((module) => module.default, () => house)
    .then((look) => {
      if (look) start(look);
      else console.error(`Ruggesteun: there is no practice "${practice}". Check data-practice="…".`);
    });

  function start(look) {
    const host = document.createElement("ruggesteun-widget");
    host.lang = "nl";
    const root = host.attachShadow({ mode: "open" });
    addStyle(root, css(look));

    const launcher = make("button", { type: "button", className: "launcher" }, launcherIcon(look.colour), look.launcher);
    launcher.setAttribute("aria-expanded", "false");
    launcher.setAttribute("aria-controls", "panel");
    const panel = make("dialog", { className: "panel", id: "panel" });
    panel.setAttribute("aria-label", "Chat over je rug");
    const wayOut = make(
      "div",
      { className: "way-out", hidden: true },
      make("p", {}, "De chat laadt niet. ", make("a", { href: chatPage, target: "_blank", rel: "noopener" }, "Open de chat in een nieuw venster")),
      make("button", { type: "button", onclick: close }, "Sluiten"),
    );
    panel.append(wayOut);
    root.append(launcher, panel);
    document.body.append(host);
    // In the top layer nothing of the site lies over the chat, and no transform of the site moves it.
    if (host.showPopover) {
      host.popover = "manual";
      host.showPopover();
    }

    let frame = null;
    let ready = false;
    let opener = launcher; // where the focus goes back to

    launcher.addEventListener("click", () => (panel.open ? close() : open(launcher)));
    panel.addEventListener("cancel", (event) => {
      event.preventDefault();
      close();
    });
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && panel.open) close();
    });
    document.addEventListener("click", (event) => {
      const link = event.target instanceof Element && event.target.closest(`a[href$="${HASH}"]`);
      if (!link || link.origin + link.pathname !== location.origin + location.pathname) return;
      event.preventDefault();
      open(link);
    });
    addEventListener("hashchange", () => location.hash === HASH && open(launcher));
    narrow.addEventListener("change", () => {
      if (!panel.open) return;
      panel.close();
      show(false);
    });
    addEventListener("message", (event) => {
      // Only our own iframe is listened to; other frames and windows are ignored.
      if (event.origin !== origin || !frame || event.source !== frame.contentWindow || !event.data) return;
      if (event.data.ruggesteun === "close") close();
      if (event.data.ruggesteun === "ready") {
        ready = true;
        wayOut.hidden = true;
      }
    });

    if (location.hash === HASH) open(launcher);
    // After a reload the patient finds the chat as it was; the focus stays with the page.
    else if (recall()) open(null);

    // `from` gets the focus back later; null: nobody asked, so the focus is not taken.
    function open(from) {
      if (from) opener = from;
      if (!frame) {
        frame = make("iframe", { title: "Chat met vragen en antwoorden over je rug", src: chatPage });
        frame.addEventListener("load", () => {
          greet(Boolean(from));
          setTimeout(() => (wayOut.hidden = ready), READY_AFTER_LOAD_MS);
        });
        panel.append(frame);
        setTimeout(() => (wayOut.hidden = ready), READY_MS);
      } else greet(Boolean(from));
      if (!panel.open) show(Boolean(from));
      launcher.setAttribute("aria-expanded", "true");
      remember(true);
    }

    function close() {
      panel.close();
      launcher.setAttribute("aria-expanded", "false");
      (opener.isConnected ? opener : launcher).focus();
      remember(false);
    }

    function show(focus) {
      panel.classList.toggle("full", narrow.matches);
      // Full screen is modal: Tab must not reach what the panel hides. show() would take the focus, `open` does not.
      if (narrow.matches) panel.showModal();
      else if (focus) panel.show();
      else panel.open = true;
    }

    // The iframe learns from this message that it is embedded, and by whom.
    function greet(focus) {
      frame.contentWindow.postMessage({ ruggesteun: "open", focus }, origin);
    }
  }

  // A page may forbid storage (private mode, blocked cookies): the chat then simply starts closed.
  function remember(isOpen) {
    try {
      if (isOpen) sessionStorage.setItem(storageKey, "1");
      else sessionStorage.removeItem(storageKey);
    } catch {}
  }

  function recall() {
    try {
      return sessionStorage.getItem(storageKey) === "1";
    } catch {
      return false;
    }
  }

  function make(tag, properties, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  }

  // A constructed stylesheet passes a strict CSP of the host page; the <style> is for browsers of before 2023.
  function addStyle(target, text) {
    if ("adoptedStyleSheets" in target) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      target.adoptedStyleSheets = [sheet];
    } else target.append(make("style", { textContent: text }));
  }

  // `!important` inside a shadow tree wins from the site's own `!important`: the site's CSS stays out.
  function css({ colour, side }) {
    const edge = side === "links" ? "left" : "right";
    return `
    :host { all: initial !important; position: fixed !important; direction: ltr !important; }
    .launcher, .panel { box-sizing: border-box; font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    .launcher {
      position: fixed; ${edge}: max(20px, env(safe-area-inset-${edge})); bottom: max(20px, env(safe-area-inset-bottom));
      z-index: 2147483000; display: flex; align-items: center; gap: 10px; margin: 0; padding: 10px 20px 10px 12px;
      min-height: 56px; max-width: calc(100vw - 24px); border: 2px solid #fff; border-radius: 30px; background: ${colour};
      color: #fff; font-size: 17px; font-weight: 600; line-height: 1.25; text-align: left; cursor: pointer;
      box-shadow: 0 6px 24px rgba(8, 40, 45, .28);
    }
    .launcher:hover { text-decoration: underline; text-underline-offset: 3px; }
    .launcher:focus-visible { outline: 3px solid ${colour}; outline-offset: 3px; }
    .launcher svg { flex: none; width: 32px; height: 32px; }
    .panel {
      position: fixed; inset: auto auto 92px auto; ${edge}: max(20px, env(safe-area-inset-${edge})); z-index: 2147483000;
      width: 440px; max-width: none; height: min(700px, calc(100vh - 112px)); max-height: none; margin: 0; padding: 0;
      overflow: hidden; border: 1px solid #7d9496; border-radius: 18px; background: Canvas; color-scheme: light dark;
      box-shadow: 0 16px 48px rgba(8, 40, 45, .30);
    }
    .panel::backdrop { background: Canvas; }
    .panel.full { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; box-shadow: none; }
    .way-out { position: absolute; inset: 0 0 auto; padding: 12px 16px; background: #fff6e0; color: #523300; font-size: 16px; line-height: 1.5; }
    .way-out[hidden] { display: none; }
    .way-out p { margin: 0 0 8px; }
    .way-out a { color: inherit; }
    .way-out button { min-height: 36px; padding: 4px 14px; border: 1.5px solid currentcolor; border-radius: 18px; background: none; color: inherit; font: inherit; cursor: pointer; }
    iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: light dark; }
    @media (prefers-reduced-motion: no-preference) {
      .panel[open]:not(.full) { animation: rise .18s ease-out; }
      @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
    }
    @media print { .launcher, .panel { display: none; } }
    `;
  }

  function launcherIcon(colour) {
    const svg = svgElement("svg", { viewBox: "0 0 48 48", "aria-hidden": "true" });
    svg.append(
      svgElement("path", {
        fill: "#fff",
        d: "M4 26C4 13 12.5 4 24 4s20 9 20 20-8.5 19-20 19c-3.4 0-6.5-.8-9.3-2.2L6 43l2.2-7.7C5.6 32.8 4 29.6 4 26z",
      }),
      ...[
        ["20", "10", "9", "5", "rotate(8 24 12)"],
        ["18.5", "17", "10", "5", ""],
        ["18", "24", "11", "5.5", "rotate(-6 23 27)"],
        ["19.5", "31.5", "12", "5.5", "rotate(-10 25 34)"],
      ].map(([x, y, width, height, transform]) =>
        svgElement("rect", { x, y, width, height, rx: "2.5", fill: colour, transform }),
      ),
    );
    return svg;
  }

  function svgElement(name, attributes) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }
})();
