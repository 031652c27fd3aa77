// Drawings made by hand, where Plot has no mark for them.

import { FONT, INK } from "./look";

const SPACE = "http://www.w3.org/2000/svg";

type Attributes = Record<string, string | number | undefined>;

export function element(name: string, attributes: Attributes, inside: (SVGElement | string)[] = []): SVGElement {
  const made = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, String(value));
  made.append(...inside);
  return made;
}

export function sheet(width: number, height: number, inside: SVGElement[]): SVGElement {
  const frame = { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT, "font-size": 12, fill: INK };
  return element("svg", frame, inside);
}
