// One question to the model at a time, and what has come of its answer so far.

import { events, Refusal, tab } from "../api/ask";
import type { Coarse, Done, Values } from "../api/shapes";

export interface Question {
  country: string;
  scenario: string;
  since: number;
  until: number;
  sliders: Record<string, number>;
  off: string[];
}

type State = "idle" | "waiting" | "coarse" | "coming" | "done" | "failed";

const SETTLE = 90;

export class Answer {
  state = $state<State>("idle");
  coarse = $state.raw<Coarse | null>(null);
  /** Values of the years that are finished, by year. */
  finished = $state.raw<Record<number, Record<string, number | null>>>({});
  done = $state.raw<Done | null>(null);
  problem = $state.raw<Error | null>(null);
  ahead = $state(0);

  #running: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly client: string) {}

  /** Ask, once the hand rests; whatever was asked before is dropped. */
  ask(question: Question): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(question), SETTLE);
  }

  drop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = null;
    this.state = "idle";
    this.coarse = this.done = this.problem = null;
    this.finished = {};
  }

  async #run(question: Question): Promise<void> {
    this.drop();
    const mine = (this.#running = new AbortController());
    this.state = "waiting";
    const body = { client: `${tab}-${this.client}`, ...question };
    try {
      for (let tried = 0; ; tried++)
        try {
          for await (const [name, data] of events("/api/whatif", body, mine.signal)) if (this.#running === mine) this.#take(name, data);
          break;
        } catch (no) {
          if (!(no instanceof Refusal) || no.status !== 503 || tried > 20) throw no;
          await new Promise((go) => setTimeout(go, 1000 * Math.min(Math.max(no.after, 1), 5)));
          if (mine.signal.aborted) return;
        }
      if (this.#running === mine && !this.done && !this.problem) throw new Error("The answer broke off.");
    } catch (no) {
      if (mine.signal.aborted || this.#running !== mine) return;
      this.state = "failed";
      this.problem = no as Error;
    }
  }

  #take(name: string, data: unknown): void {
    if (name === "coarse") {
      this.coarse = data as Coarse;
      this.state = "coarse";
    } else if (name === "waiting") this.ahead = (data as { ahead: number }).ahead;
    else if (name === "year") {
      const { year, values } = data as { year: number; values: Record<string, number | null> };
      this.finished = { ...this.finished, [year]: values };
      this.state = "coming";
    } else if (name === "done") {
      this.done = data as Done;
      this.state = "done";
    } else if (name === "error") {
      this.problem = new Error((data as { error: string }).error);
      this.state = "failed";
    }
  }

  /** A measure of the finished answer. */
  values(measure: string): Values | undefined {
    return this.done?.values[measure];
  }
}
