// The state of the view stands in the address, after the #, so that a link to what is seen can be kept and sent.

export const VIEWS = ["what-if", "map", "compare", "claims", "footprint", "evidence", "runs"] as const;
export type View = (typeof VIEWS)[number];

// These stay when another view is opened.
const COMMON = ["country", "lang"];

interface Place {
  view: View;
  asked: Record<string, string>;
}

function read(): Place {
  const [name = "", question = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const view = VIEWS.find((each) => each === name) ?? "what-if";
  return { view, asked: Object.fromEntries(new URLSearchParams(question)) };
}

export const address = $state<Place>(read());

addEventListener("hashchange", () => Object.assign(address, read()));

/** The address of a view; a question with an empty answer is left out. */
export function link(view: View, asked: Record<string, string | undefined> = {}): string {
  const common = Object.fromEntries(COMMON.map((name) => [name, address.asked[name]]));
  const question = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...common, ...asked })) if (value) question.set(name, value);
  const text = question.toString().replaceAll("%2C", ",");
  return `#/${view}${text ? `?${text}` : ""}`;
}

/** Change what is asked in this view, without a new step in the browser's history. */
export function ask(changes: Record<string, string | undefined>): void {
  const asked = { ...address.asked, ...changes };
  history.replaceState(null, "", link(address.view, asked));
  address.asked = Object.fromEntries(Object.entries(asked).filter(([, value]) => value)) as Record<string, string>;
}
