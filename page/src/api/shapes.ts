// What the server answers, by route. Numbers that do not exist are null.

export type Tongue = "en" | "ko";
export type Words = Record<Tongue, string>;
export type Values = (number | null)[];

export interface Meta {
  version: string;
  cite: string;
  licence: string;
  about: string;
  default_country: string;
  countries: { id: string; title: string; stylised: boolean }[];
  limits: { scale: number; jobs: number; draws: number; seeds: number };
  footprint: boolean;
}

export interface Region {
  id: string;
  name: string;
  name_ko: string;
  province: string;
  urban: boolean;
  persons: number;
}

export interface Province {
  id: string;
  name: string;
  name_ko: string;
  persons: number;
  capital: boolean;
  borders_china: boolean;
  latitude: number;
  longitude: number;
}

export type Grounds = "sourced" | "derived" | "assumed" | "lever";

export interface Slider {
  id: string;
  group: string;
  says: string;
  label: Words;
  parameters: string[];
  unit: string;
  low: number;
  high: number;
  scale: "linear" | "log";
  history: number;
  /** Where history has it, in each year. */
  by_year: Record<string, number>;
  grounds: Grounds;
  grade: string | null;
  why: string | null;
}

export interface Preset {
  id: string;
  label: Words;
  sliders: Record<string, number>;
  off: string[];
}

export interface Scenario {
  id: string;
  name: string;
  sentence: string;
  name_ko: string;
  sentence_ko: string;
}

export interface Country {
  id: string;
  title: string;
  note: string;
  stylised: boolean;
  persons: number;
  first_year: number;
  until: number[];
  default_until: number;
  since: number[];
  default_since: number;
  regions: Region[];
  provinces: Province[];
  acts: string[];
  systems: { id: string; says: string }[];
  scenarios: Scenario[];
  profiles: { id: string; role: string; sex: string; standing: string; involved: boolean }[];
  sliders: Slider[];
  presets: Preset[];
  evidence: Record<Grounds, number>;
}

export interface Measure {
  id: string;
  label: Words;
  unit: string;
  says: string;
  group: string;
  act: string | null;
  end: string | null;
  by_region: boolean;
  given: boolean;
}

export interface Series {
  answer: string;
  label: string;
  country: string;
  scenario: string;
  measure: Measure;
  years: number[];
  values: Record<string, Values>;
  more?: Record<string, { values: Record<string, Values> }>;
}

export interface Coarse {
  kind: "exact" | "nearest" | "combined";
  label: string;
  years: number[];
  values: Record<string, Values>;
}

export interface Done {
  answer: string;
  label: string;
  changed_from: string;
  years: number[];
  values: Record<string, Values>;
  seconds: number;
}

export interface Kept {
  id: string;
  a: string;
  b: string;
  until: number;
  draws: number;
  seeds: number;
  structures: number;
  runs: number;
}

export interface Band {
  runs: number;
  low: Values;
  mid: Values;
  high: Values;
}

export interface ComparedPlace {
  a: Values;
  b: Values;
  difference: Values;
  draws: Band;
  structures: Band;
  seeds: Band;
  each_structure: Record<string, { says: string; difference: Values }>;
}

export interface Compared {
  id: string;
  label: string;
  a: string;
  b: string;
  measure: Measure;
  years: number[];
  runs: number;
  places: Record<string, ComparedPlace>;
}

export interface Source {
  id: string;
  author: string;
  title: string;
  publisher: string;
  date: string;
  kind: string;
  reliability: string;
  group: string;
  url: string | null;
  note: string | null;
}

export interface Verdict {
  outcome: "held" | "did not hold" | "undecided" | "built-in" | "not expressible";
  in_short: string;
  share: { holds: number; of: number; interval: [number, number] } | null;
  effects: { what: string; effect: string; unit: string; spread: [number, number, number] | null; own: number | null }[];
  decides: string;
  paragraphs: string[];
  current: boolean;
  draws: number;
}

export interface Claim {
  id: string;
  says: string;
  label: string;
  label_says: string;
  because: string;
  source: Source;
  where: string;
  counts_against: string;
  declaration: string[];
  tests: { quantity: string; what: string; unit: string }[];
  verdict: Verdict | null;
}

export interface Parameter {
  id: string;
  topic: string;
  description: string;
  unit: string;
  value: number | string | null;
  values: Record<string, number | string> | null;
  range: [number, number] | null;
  options: string[] | null;
  distribution: ({ kind: string } & Record<string, unknown>) | null;
  grounds: Grounds;
  grades: string[];
  evidence: { source: string; locator: string; says: string; grade: string; directness: string }[];
  derivation: string | null;
  why: string | null;
}

export interface Job {
  id: string;
  kind: "run" | "compare";
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  says: string;
  country: string;
  phase: string;
  done: number;
  of: number;
  seconds: number;
  error: string | null;
  result: { answer?: string; compare?: string } | null;
  request: Record<string, unknown>;
}

export interface Finished {
  id: string;
  scenario: string;
  engine: string;
  seed: number;
  scale: number;
  first: string;
  last: string;
}
