// How acts that were begun end, of a hundred: one bar for each history.

import { breadth } from "./lines";
import { MUTED, ON_PALE } from "./look";
import { element, sheet } from "./svg";

export const ENDS = ["free_unseen", "free_recorded", "paid", "turned_back", "punished"] as const;
export type End = (typeof ENDS)[number];

// Apart in lightness, so that grey print and colour-blind eyes keep them apart.
const SHADES: Record<End, string> = {
  free_unseen: "#e8eef4",
  free_recorded: "#a9cbe8",
  paid: "#e3a25c",
  turned_back: "#6f7f92",
  punished: "#1a1a1a",
};
const DARK = new Set<End>(["turned_back", "punished"]);
const [TALL, STEP, ROW] = [26, 56, 19];

export interface Bar {
  name: string;
  shares: Record<End, number | null>;
}

export function bars(all: Bar[], width: number, words: (end: End) => string, format: (value: number) => string): SVGElement {
  const made: SVGElement[] = [];
  let [x, y] = [0, 12];
  for (const end of ENDS) {
    const broad = 18 + breadth(words(end)) + 16;
    if (x > 0 && x + broad > width) [x, y] = [0, y + ROW];
    made.push(element("rect", { x, y: y - 10, width: 12, height: 12, fill: SHADES[end], stroke: MUTED, "stroke-width": 0.5 }));
    made.push(element("text", { x: x + 17, y }, [words(end)]));
    x += broad;
  }
  y += 14;
  for (const { name, shares } of all) {
    made.push(element("text", { x: 0, y: y + 14, "font-weight": 600 }, [name]));
    let from = 0;
    for (const end of ENDS) {
      const share = shares[end] ?? 0;
      const [left, broad] = [(from / 100) * width, (share / 100) * width];
      made.push(element("rect", { x: left, y: y + 20, width: broad, height: TALL, fill: SHADES[end], stroke: "#ffffff", "stroke-width": 1 }));
      if (broad > 32) {
        const fill = DARK.has(end) ? "#ffffff" : ON_PALE;
        made.push(element("text", { x: left + broad / 2, y: y + 20 + TALL / 2 + 4, "text-anchor": "middle", fill }, [format(share)]));
      }
      from += share;
    }
    y += STEP;
  }
  return sheet(width, y, made);
}
