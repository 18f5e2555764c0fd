// Links in plain text: web and e-mail addresses, Dutch and Belgian phone numbers, and the short emergency and help
// lines: 112, 113 (suicide prevention), 1733 (Belgian GP on duty), 1813 (Flemish suicide line).

import { element } from "./dom.js";

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

/** The text as nodes: strings, with links in between. */
export function withLinks(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(LINKS)) {
    const { url, mail, site, phone, short } = match.groups;
    const end = match.index + match[0].length;
    const insideWord = /[\p{L}\d]/u.test(text[match.index - 1] || "") || /^(?:[\p{L}\d]|[.,]\d)/u.test(text.slice(end));
    const href =
      url || (mail && `mailto:${mail}`) || (site && `https://${site}`) ||
      ((phone || short) && `tel:${match[0].replace("(0)", "").replace(/[^\d+]/g, "")}`);
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

/** A paragraph with its links. */
export const paragraph = (text) => element("p", { dir: "auto" }, ...withLinks(text));
