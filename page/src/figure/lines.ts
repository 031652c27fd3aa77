// Lines over years, each with its name at its end instead of a key.

import * as Plot from "@observablehq/plot";
import type { Values } from "../api/shapes";
import { FAINT, FONT, INK, MUTED, PAGE } from "./look";

export interface Line {
  name: string;
  values: Values;
  colour: string;
  width?: number;
  dashes?: string;
}

export interface Band {
  name: string;
  low: Values;
  high: Values;
  colour: string;
  opacity: number;
  /** The colour of its name, dark enough to be read. */
  ink: string;
}

export interface Chart {
  years: number[];
  lines: Line[];
  bands?: Band[];
  width: number;
  height: number;
  unit: string;
  /** A year in which something begins, with the words for it. */
  mark?: { year: number; says: string };
  /** Keeps the axis from zero on, whatever the values are. */
  fromZero?: boolean;
  /** One of many small ones on the same axis, with its name in the place of the unit. */
  small?: { low: number; high: number };
  /** Words for an axis that does not begin at zero. */
  off?: string;
  format: (value: number) => string;
}

const ROOM = 15;

function numbers(chart: Chart): number[] {
  const all = [...chart.lines.map((line) => line.values), ...(chart.bands ?? []).flatMap((band) => [band.low, band.high])];
  return all.flat().filter((value): value is number => value !== null && Number.isFinite(value));
}

/** From zero on, unless all values lie close together far from it. */
export function domain(values: number[], fromZero = false): [number, number] {
  if (!values.length) return [0, 1];
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!fromZero && low > 0 && (high - low) / high < 0.25 && high > low) {
    const air = (high - low) * 0.35;
    return [Math.max(0, low - air), high + air];
  }
  const [bottom, top] = [Math.min(0, low), Math.max(0, high)];
  if (bottom === top) return [0, 1];
  const air = (top - bottom) * 0.06;
  return [bottom < 0 ? bottom - air : 0, top > 0 ? top + air : 0];
}

interface End {
  name: string;
  colour: string;
  bold: boolean;
  value: number;
}

/** Names so that none covers another: each `at` a height in the unit of the axis. */
function spread(ends: End[], scale: number, [low, high]: [number, number]): (End & { at: number })[] {
  const sorted = [...ends].sort((a, b) => a.value - b.value).map((each) => ({ ...each, at: each.value }));
  for (let round = 0; round < 40; round++)
    for (let i = 1; i < sorted.length; i++) {
      const [lower, upper] = [sorted[i - 1]!, sorted[i]!];
      const short = ROOM / scale - (upper.at - lower.at);
      if (short > 1e-9) {
        lower.at -= short / 2;
        upper.at += short / 2;
      }
    }
  // None falls onto the axis below, or out of the top.
  sorted.forEach((each, i) => (each.at = Math.max(each.at, i ? sorted[i - 1]!.at + ROOM / scale : low + 4 / scale)));
  const over = (sorted.at(-1)?.at ?? high) - high;
  if (over > 0) for (const each of sorted) each.at -= over;
  return sorted;
}

export function lines(chart: Chart): SVGSVGElement {
  const { years, width, height } = chart;
  const narrow = width < 480;
  const small = chart.small;
  const [low, high] = small ? [small.low, small.high] : domain(numbers(chart), chart.fromZero);
  const [top, bottom] = [small ? 20 : narrow ? 34 : 26, small ? 20 : 26];
  const scale = (height - top - bottom) / (high - low);
  const bands = chart.bands ?? [];
  const end = (name: string, colour: string, bold: boolean, values: Values): End[] => {
    const value = values.findLast((each) => each !== null);
    return name && typeof value === "number" ? [{ name, colour, bold, value }] : [];
  };
  const ends = [
    ...chart.lines.flatMap((line) => end(line.name, line.colour, (line.width ?? 2) > 2, line.values)),
    ...bands.flatMap((band, i) => end(band.name, band.ink, false, i % 2 ? band.low : band.high)),
  ];
  const widest = Math.max(0, ...ends.map((each) => breadth(each.name, each.bold ? 13 : 12)));
  const right = small ? 18 : Math.min(widest + 14, width * 0.42);
  const marked = [high, low, (high - low) / 5].map((value) => breadth(chart.format(Number(value.toPrecision(1)))));
  const left = small ? 30 : Math.max(44, ...marked.map((broad) => broad + 14));
  const dots = chart.lines.flatMap((line) =>
    line.values.flatMap((value, i) => (value === null ? [] : [{ year: years[i]!, value, line }])),
  );
  const single = years.length === 1;
  const marks: Plot.Markish[] = [
    Plot.gridY({ stroke: FAINT, strokeOpacity: 1, strokeWidth: 0.7, ticks: small ? 2 : 5 }),
    Plot.axisY({ anchor: "left", ticks: small ? 2 : 5, tickSize: 0, label: null, color: MUTED, tickFormat: (v: number) => chart.format(v) }),
    Plot.axisX({
      ticks: small ? [years[0]!, years.at(-1)!] : years.length > (narrow ? 6 : 14) ? years.filter((year) => year % (narrow ? 4 : 2) === 0) : years,
      tickSize: 3,
      label: null,
      color: MUTED,
      tickFormat: (year: number) => String(year),
    }),
    Plot.text([low > 0 && !small && chart.off ? `${chart.unit}; ${chart.off}` : chart.unit], { frameAnchor: "top-left", dx: 4 - left, dy: 2 - top, textAnchor: "start", lineAnchor: "top", fill: small ? INK : MUTED, fontWeight: small ? 600 : 400 }),
  ];
  if (low <= 0 && high >= 0) marks.push(Plot.ruleY([0], { stroke: MUTED, strokeWidth: 0.8 }));
  if (chart.mark && years.includes(chart.mark.year)) {
    marks.push(Plot.ruleX([chart.mark.year], { stroke: MUTED, strokeWidth: 0.8, strokeDasharray: "2 3" }));
    marks.push(
      Plot.text([chart.mark.year], {
        x: (year: number) => year,
        frameAnchor: "top",
        text: () => chart.mark!.says,
        dx: 5,
        dy: narrow ? 2 : -6,
        textAnchor: "start",
        lineAnchor: "top",
        fill: MUTED,
        stroke: PAGE,
      }),
    );
  }
  for (const band of bands) {
    const rows = years.flatMap((year, i) => {
      const [from, to] = [band.low[i], band.high[i]];
      return typeof from === "number" && typeof to === "number" ? [{ year, from, to }] : [];
    });
    // With an edge: a band of one life is a line.
    const filled = { x: "year", y1: "from", y2: "to", fill: band.colour, fillOpacity: band.opacity, stroke: band.ink, strokeWidth: 0.6 };
    marks.push(Plot.areaY(rows, filled));
  }
  for (const line of chart.lines) {
    const rows = years.map((year, i) => ({ year, value: line.values[i] ?? NaN }));
    marks.push(
      Plot.lineY(rows, {
        x: "year",
        y: "value",
        stroke: line.colour,
        strokeWidth: line.width ?? 2,
        ...(line.dashes ? { strokeDasharray: line.dashes } : {}),
        strokeLinejoin: "round",
        strokeLinecap: "round",
      }),
    );
    if (single || line.values.filter((value) => value !== null).length === 1)
      marks.push(Plot.dot(rows.filter((row) => !Number.isNaN(row.value)), { x: "year", y: "value", fill: line.colour, r: 3 }));
  }
  for (const { name, colour, bold, at } of spread(ends, scale, [low, high]))
    marks.push(
      Plot.text([name], {
        x: () => years.at(-1)!,
        y: () => at,
        fill: colour,
        fontWeight: bold ? 600 : 400,
        textAnchor: "start",
        dx: 7,
      }),
    );
  marks.push(
    Plot.tip(
      dots,
      Plot.pointer({
        x: "year",
        y: "value",
        title: (dot: { year: number; value: number; line: Line }) =>
          `${dot.line.name}, ${dot.year}\n${chart.format(dot.value)} ${chart.unit}`,
        fontSize: 12,
        fill: PAGE,
        stroke: FAINT,
      }),
    ),
  );
  const plot = Plot.plot({
    width,
    height,
    marginLeft: left,
    marginRight: right,
    marginTop: top,
    marginBottom: bottom,
    style: { fontFamily: FONT, fontSize: small ? "11px" : "12px", color: INK, background: PAGE, overflow: "visible" },
    x: { type: "linear", domain: single ? [years[0]! - 1, years[0]! + 1] : [years[0]!, years.at(-1)!] },
    y: { domain: [low, high] },
    marks,
  });
  return plot as SVGSVGElement;
}

/** About how broad a name is set; Korean letters are twice as broad. */
export function breadth(text: string, size = 12): number {
  return [...text].reduce((sum, letter) => sum + (letter.codePointAt(0)! > 0x2e7f ? 1 : 0.56) * size, 0);
}
