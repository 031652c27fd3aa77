// A month of one person: what each system wrote down, and on which days all of it together tells where the person was.

import type { Join, Trace } from "../api/footprint";
import { breadth } from "./lines";
import { BLUE, FAINT, GROUND, HELD, INK, MUTED, PAGE } from "./look";
import { element, sheet } from "./svg";

export interface Month {
  days: string[];
  held: Set<string>;
  acts: { day: string; name: string }[];
  records: Trace[];
  systems: string[];
  join: Join;
  words: { did: string; known: string; name: (system: string) => string };
}

export const MARKS: Record<string, string> = {
  face: "circle",
  plate: "square",
  card: "diamond",
  "telephone number": "triangle",
  telephone: "triangle",
  name: "cross",
  household: "bar",
};

const ROW = 26;

function mark(kind: string, x: number, y: number, size: number, put: boolean): SVGElement {
  const style = { fill: put ? BLUE : PAGE, stroke: put ? BLUE : MUTED, "stroke-width": 1.4 };
  const s = size;
  switch (MARKS[kind]) {
    case "square":
      return element("rect", { x: x - s, y: y - s, width: 2 * s, height: 2 * s, ...style });
    case "diamond":
      return element("path", { d: `M${x} ${y - s * 1.3}L${x + s * 1.3} ${y}L${x} ${y + s * 1.3}L${x - s * 1.3} ${y}Z`, ...style });
    case "triangle":
      return element("path", { d: `M${x} ${y - s * 1.2}L${x + s * 1.2} ${y + s}L${x - s * 1.2} ${y + s}Z`, ...style });
    case "cross":
      return element("path", { d: `M${x - s} ${y - s}L${x + s} ${y + s}M${x + s} ${y - s}L${x - s} ${y + s}`, ...style, fill: "none", "stroke-width": 2.2 });
    case "bar":
      return element("rect", { x: x - s * 1.3, y: y - s / 2, width: 2.6 * s, height: s, ...style });
    default:
      return element("circle", { cx: x, cy: y, r: s, ...style });
  }
}

/** Marks and their words, for a key. */
export function sign(kind: string, put: boolean): SVGElement {
  return sheet(14, 14, [mark(kind, 7, 7, 4, put)]);
}

export function month(of: Month, width: number): SVGElement {
  const narrow = width < 560;
  // On a narrow page names stand above their rows.
  const left = narrow ? 0 : Math.min(190, 12 + Math.max(...[...of.systems.map(of.words.name), of.words.did, of.words.known].map((name) => breadth(name))));
  const step = (width - left - 4) / of.days.length;
  const tall = narrow ? 38 : ROW;
  const size = Math.min(4.6, step * 0.36);
  const middle = (row: number) => 24 + row * tall + (narrow ? 25 : tall / 2);
  const x = (day: string) => left + (of.days.indexOf(day) + 0.5) * step;
  const made: SVGElement[] = [];
  const rows = [of.words.did, ...of.systems.map(of.words.name), of.words.known];
  const height = 24 + rows.length * tall + 8;

  of.days.forEach((day, i) => {
    const number = i + 1;
    if (number === 1 || number % (narrow ? 10 : 5) === 0)
      made.push(element("text", { x: x(day), y: 14, "text-anchor": "middle", fill: MUTED, "font-size": 11 }, [String(number)]));
    if (new Date(day).getUTCDay() === 0)
      made.push(element("rect", { x: x(day) - step / 2, y: 20, width: step, height: height - 24, fill: GROUND }));
    if (of.held.has(day))
      made.push(element("rect", { x: x(day) - step / 2, y: 20, width: step, height: height - 24, fill: HELD }));
  });
  rows.forEach((name, row) => {
    const bold = row === 0 || row === rows.length - 1;
    const at = narrow ? { x: 0, y: middle(row) - 11 } : { x: 0, y: middle(row) + 4 };
    made.push(element("line", { x1: left, x2: width - 4, y1: middle(row), y2: middle(row), stroke: FAINT, "stroke-width": 0.8 }));
    made.push(element("text", { ...at, "font-weight": bold ? 600 : 400, fill: INK, "font-size": narrow ? 11 : 12 }, [name]));
  });
  for (const day of new Set(of.acts.map((act) => act.day)))
    made.push(element("rect", { x: x(day) - size, y: middle(0) - size, width: 2 * size, height: 2 * size, fill: INK }, [title(of.acts.filter((act) => act.day === day).map((act) => act.name).join(", "))]));
  const known = new Set<string>();
  of.systems.forEach((system, i) => {
    const here = of.records.filter((record) => record.system === system);
    for (const day of of.days) {
      const today = here.filter((record) => record.day === day);
      if (!today.length) continue;
      const put = today.find((record) => record.joined.includes(of.join));
      if (put) known.add(day);
      const shown = mark((put ?? today[0]!).identity, x(day), middle(i + 1), size, put !== undefined);
      shown.append(title(`${day}: ${[...new Set(today.map((record) => `${record.what} (${record.identity})`))].join("; ")}`));
      made.push(shown);
    }
  });
  const bottom = middle(rows.length - 1);
  for (const day of of.days) {
    const is = known.has(day);
    made.push(
      element("rect", { x: x(day) - step * 0.42, y: bottom - 8, width: step * 0.84, height: 16, fill: is ? BLUE : PAGE, stroke: is ? BLUE : FAINT }),
    );
  }
  return sheet(width, height, made);
}

function title(text: string): SVGElement {
  return element("title", {}, [text]);
}
