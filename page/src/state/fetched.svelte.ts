// What a view shows of the server: asked for whenever the question changes, the one before dropped.

import { ask } from "../api/ask";

export class Fetched<T> {
  /** The last answer; with `fresh`, none while a new one is awaited. */
  found = $state.raw<T | null>(null);
  problem = $state.raw<unknown>(null);
  busy = $state(false);

  /** `route` says what to ask, "" for nothing; `rest`: milliseconds for which the hand has to rest. Within a component. */
  constructor(route: () => string, { fresh = false, rest = 0 } = {}) {
    $effect(() => {
      const wanted = route();
      if (fresh || !wanted) this.found = null;
      this.problem = null;
      this.busy = wanted !== "";
      if (!wanted) return;
      const stop = new AbortController();
      const timer = setTimeout(() => void this.#ask(wanted, stop.signal), rest);
      return () => {
        clearTimeout(timer);
        stop.abort();
      };
    });
  }

  async #ask(route: string, signal: AbortSignal): Promise<void> {
    try {
      const got = await ask<T>(route, signal);
      if (!signal.aborted) this.found = got;
    } catch (no) {
      if (!signal.aborted) this.problem = no;
    }
    if (!signal.aborted) this.busy = false;
  }
}
