// Questions to the server that the page came from. It is the only one that the page ever speaks to.

/** The server said no; `message` is its sentence. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    sentence: string,
    readonly after: number,
  ) {
    super(sentence);
  }
}

const PATIENCE = 40;

async function refusal(response: Response): Promise<Refusal> {
  const said = (await response.json().catch(() => null)) as { error?: string; detail?: unknown } | null;
  const sentence = said?.error ?? `The server answered with status ${response.status}.`;
  return new Refusal(response.status, sentence, Number(response.headers.get("Retry-After") ?? 0));
}

const pause = (seconds: number) => new Promise((go) => setTimeout(go, seconds * 1000));

/** The JSON of a route; waits and asks again while the server says that it is full. */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  for (let tried = 0; ; tried++) {
    const response = await fetch(path, { signal: signal ?? null });
    if (response.ok) return (await response.json()) as T;
    const no = await refusal(response);
    if (no.status !== 503 || tried >= PATIENCE) throw no;
    await pause(Math.min(Math.max(no.after, 1), 5));
    signal?.throwIfAborted();
  }
}

const kept = new Map<string, Promise<unknown>>();

/** The same, asked once as long as the page is open: for what does not change. */
export function once<T>(path: string): Promise<T> {
  let answer = kept.get(path) as Promise<T> | undefined;
  if (!answer) {
    answer = ask<T>(path);
    answer.catch(() => kept.delete(path));
    kept.set(path, answer);
  }
  return answer;
}

export async function send<T>(method: "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
  const headers = body === undefined ? undefined : { "Content-Type": "application/json" };
  const response = await fetch(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) } as RequestInit);
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

/** Events of a stream that answers a POST: the browser's own EventSource can only GET. */
export async function* events(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<[string, unknown]> {
  const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
  if (!response.ok || !response.body) throw await refusal(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value.replaceAll("\r\n", "\n")).split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const name = /^event: ?(.*)$/m.exec(part)?.[1];
      const data = [...part.matchAll(/^data: ?(.*)$/gm)].map((line) => line[1]).join("\n");
      if (name && data) yield [name, JSON.parse(data)];
    }
  }
}

/** A path with a question; empty values are left out. */
export function path(route: string, question: Record<string, string | number | boolean | string[] | undefined> = {}): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(question))
    if (Array.isArray(value)) for (const each of value) asked.append(name, each);
    else if (value !== undefined && value !== "") asked.set(name, String(value));
  const text = asked.toString();
  return text ? `${route}?${text}` : route;
}

/** A name for this tab, so that the server can drop what it asked before. */
export const tab = `tab-${[...crypto.getRandomValues(new Uint32Array(2))].map((word) => word.toString(36)).join("")}`;
