// The chat on a practice's own site. One tag is all it takes:
//
//   <script src="https://OUR-ORIGIN/widget.js" data-practice="demo" defer></script>
//
// It adds a launcher and, on the first click, an iframe on our own origin: the site and its plugins cannot reach the
// conversation. A site with a Content-Security-Policy allows our origin in script-src and frame-src.
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
  const storageKey = `ruggesteun:open:${practice}`;
  // Where the panel would leave no room for the page, it takes the whole screen.
  const narrow = matchMedia("(max-width: 35em), (max-height: 30em)");

  const css = `
    :host { all: initial !important; }
    .launcher, .panel { box-sizing: border-box; font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    .launcher {
      position: fixed; right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom));
      z-index: 2147483000; display: flex; align-items: center; gap: 10px; margin: 0; padding: 10px 20px 10px 12px;
      min-height: 56px; max-width: calc(100vw - 24px); border: 2px solid #fff; border-radius: 30px; background: #0e5a5c;
      color: #fff; font-size: 17px; font-weight: 600; line-height: 1.25; text-align: left; cursor: pointer;
      box-shadow: 0 6px 24px rgba(8, 40, 45, .28);
    }
    .launcher:hover { background: #0a484a; }
    .launcher:focus-visible { outline: 3px solid #0e5a5c; outline-offset: 3px; }
    .launcher svg { flex: none; width: 32px; height: 32px; }
    .panel {
      position: fixed; inset: auto max(20px, env(safe-area-inset-right)) 92px auto; z-index: 2147483000;
      width: 440px; max-width: none; height: min(700px, calc(100vh - 112px)); max-height: none; margin: 0; padding: 0;
      overflow: hidden; border: 1px solid #7d9496; border-radius: 18px; background: #f3f7f6;
      box-shadow: 0 16px 48px rgba(8, 40, 45, .30);
    }
    .panel::backdrop { background: #f3f7f6; }
    .panel.full { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; box-shadow: none; }
    iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: normal; }
    @media (prefers-reduced-motion: no-preference) {
      .panel[open]:not(.full) { animation: rise .18s ease-out; }
      @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
    }
    @media print { .launcher, .panel { display: none; } }
  `;

  const host = document.createElement("ruggesteun-widget");
  host.lang = "nl";
  const root = host.attachShadow({ mode: "open" });
  addStyle(root, css);

  const launcher = document.createElement("button");
  launcher.type = "button";
  launcher.className = "launcher";
  launcher.setAttribute("aria-expanded", "false");
  launcher.setAttribute("aria-controls", "panel");
  launcher.append(launcherIcon(), "Vraag over je rug?");

  const panel = document.createElement("dialog");
  panel.className = "panel";
  panel.id = "panel";
  panel.setAttribute("aria-label", "Chat over je rug");

  let frame = null;

  root.append(launcher, panel);
  document.body.append(host);

  launcher.addEventListener("click", () => (panel.open ? close() : open({ focus: true })));
  panel.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.open) close();
  });
  narrow.addEventListener("change", () => {
    if (!panel.open) return;
    panel.close();
    show({ focus: false });
  });
  addEventListener("message", (event) => {
    // Only our own iframe may close the panel; other frames and windows are ignored.
    if (event.origin !== origin || !frame || event.source !== frame.contentWindow) return;
    if (event.data && event.data.ruggesteun === "close") close();
  });

  // After a reload the patient finds the chat as it was; the focus stays with the page.
  if (recall()) open({ focus: false });

  function open({ focus }) {
    if (frame) {
      show({ focus });
      greet(focus);
    } else {
      frame = document.createElement("iframe");
      frame.title = "Chat met vragen en antwoorden over je rug";
      frame.src = `${origin}/chat/${encodeURIComponent(practice)}`;
      frame.addEventListener("load", () => greet(focus));
      panel.append(frame);
      show({ focus });
    }
    launcher.setAttribute("aria-expanded", "true");
    remember(true);
  }

  function close() {
    panel.close();
    launcher.setAttribute("aria-expanded", "false");
    launcher.focus();
    remember(false);
  }

  function show({ focus }) {
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

  // A constructed stylesheet passes a strict CSP of the host page; the <style> is for browsers of before 2023.
  function addStyle(target, text) {
    if ("adoptedStyleSheets" in target) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      target.adoptedStyleSheets = [sheet];
    } else {
      const style = document.createElement("style");
      style.textContent = text;
      target.append(style);
    }
  }

  function launcherIcon() {
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
        svgElement("rect", { x, y, width, height, rx: "2.5", fill: "#1f8a70", transform }),
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
