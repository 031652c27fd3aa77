// A figure as a file of its own: with its title, and with the line that says where it is from.

import { FONT } from "./look";
import { breadth } from "./lines";

export interface Saved {
  title: string;
  reading: string;
  cite: string;
}

const SPACE = "http://www.w3.org/2000/svg";
const EDGE = 16;
const TAKEN = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "font-size", "font-weight", "text-anchor", "paint-order"];

function wrapped(text: string, width: number, size: number): string[] {
  const rows = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${rows.at(-1)} ${word}`.trim();
    if (rows.at(-1) && breadth(longer, size) > width) rows.push(word);
    else rows[rows.length - 1] = longer;
  }
  return rows.filter(Boolean);
}

/** All drawings inside `body`, in their places, between a head and a foot. */
export function drawn(body: HTMLElement, said: Saved): { text: string; width: number; height: number } {
  const root = document.documentElement;
  // Files are for paper, whatever the screen is like.
  root.dataset.saving = "";
  try {
    return inLight(body, said);
  } finally {
    delete root.dataset.saving;
  }
}

function inLight(body: HTMLElement, said: Saved): { text: string; width: number; height: number } {
  const light = getComputedStyle(document.documentElement);
  const [page, ink, muted] = ["--page", "--ink", "--muted"].map((name) => light.getPropertyValue(name).trim()) as [string, string, string];
  const frame = body.getBoundingClientRect();
  const width = Math.max(frame.width, 360) + 2 * EDGE;
  const whole = document.createElementNS(SPACE, "svg");
  let y = EDGE;
  const write = (text: string, size: number, colour: string, weight = 400) => {
    for (const row of wrapped(text, width - 2 * EDGE, size)) {
      y += size * 1.25;
      const line = document.createElementNS(SPACE, "text");
      for (const [name, value] of Object.entries({ x: EDGE, y, "font-size": size, "font-weight": weight, fill: colour }))
        line.setAttribute(name, String(value));
      line.textContent = row;
      whole.append(line);
    }
  };
  write(said.title, 16, ink, 600);
  y += 4;
  write(said.reading, 12, muted);
  y += 10;
  for (const each of body.querySelectorAll("svg")) {
    if (each.parentElement?.closest("svg")) continue;
    const box = each.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const copy = each.cloneNode(true) as SVGSVGElement;
    // The styles of the page do not travel with the file.
    const [from, to] = [[each, ...each.querySelectorAll<SVGElement>("*")], [copy, ...copy.querySelectorAll<SVGElement>("*")]];
    from.forEach((one, i) => {
      const style = getComputedStyle(one);
      for (const name of TAKEN) to[i]!.setAttribute(name, style.getPropertyValue(name));
    });
    copy.querySelectorAll('[aria-label="tip"], [data-tip]').forEach((tip) => tip.remove());
    for (const [name, value] of Object.entries({ x: EDGE + box.left - frame.left, y: y + box.top - frame.top, width: box.width, height: box.height }))
      copy.setAttribute(name, String(value));
    whole.append(copy);
  }
  y += frame.height + 4;
  write(said.cite, 10, muted);
  const height = Math.ceil(y + EDGE);
  const ground = document.createElementNS(SPACE, "rect");
  for (const [name, value] of Object.entries({ width, height, fill: page })) ground.setAttribute(name, String(value));
  whole.prepend(ground);
  for (const [name, value] of Object.entries({ xmlns: SPACE, width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT }))
    whole.setAttribute(name, String(value));
  return { text: new XMLSerializer().serializeToString(whole), width, height };
}

export function hand(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export async function png(text: string, width: number, height: number): Promise<Blob> {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * 2, height * 2];
  const brush = canvas.getContext("2d")!;
  brush.scale(2, 2);
  brush.drawImage(image, 0, 0, width, height);
  URL.revokeObjectURL(url);
  return new Promise((go, no) => canvas.toBlob((blob) => (blob ? go(blob) : no(new Error("no image"))), "image/png"));
}

export type Cell = string | number | null;

/** Rows with a head, as spreadsheets read them. */
export function csv(head: string[], rows: Cell[][]): string {
  const cell = (value: Cell) => {
    const text = value === null ? "" : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";
}
