import { ON_PALE, STEPS } from "../figure/look";

export interface Shade {
  fill: (value: number | null | undefined) => string;
  ink: (value: number | null | undefined) => string;
  low: number;
  high: number;
}

const rgb = (hex: string) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
// Where there is nothing to measure.
const NONE = "#ffffff";

function between(share: number): string {
  const at = share * (STEPS.length - 1);
  const i = Math.min(Math.floor(at), STEPS.length - 2);
  const [from, to] = [rgb(STEPS[i]!), rgb(STEPS[i + 1]!)];
  return `rgb(${from.map((part, c) => Math.round(part + (to[c]! - part) * (at - i))).join(",")})`;
}

/** One scale for all places and years of a figure, so that they can be compared. */
export function shade(values: (number | null)[]): Shade {
  const found = values.filter((value): value is number => value !== null);
  const [low, high] = found.length ? [Math.min(...found), Math.max(...found)] : [0, 1];
  // From zero on, unless everything lies far from it.
  const bottom = low > 0 && low / high > 0.33 ? low : Math.min(0, low);
  const share = (value: number) => (high > bottom ? (value - bottom) / (high - bottom) : 0);
  return {
    low: bottom,
    high,
    fill: (value) => (value === null || value === undefined ? NONE : between(Math.min(Math.max(share(value), 0), 1))),
    ink: (value) => (value !== null && value !== undefined && share(value) > 0.6 ? "#ffffff" : ON_PALE),
  };
}
