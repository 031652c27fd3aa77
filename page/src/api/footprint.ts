// The month of one synthetic person, as `greyspace footprint --json` tells it.

export const JOINS = ["now", "register", "network", "both"] as const;
export type Join = (typeof JOINS)[number];

export interface Trace {
  day: string;
  system: string;
  kind: string;
  identity: string;
  what: string;
  held_by: string;
  place: string;
  post: string;
  act: number | null;
  handle: string | null;
  joined: Join[];
}

export interface Footprint {
  country: string;
  scenario: string;
  month: string;
  seed: number;
  off: string[];
  person: {
    profile: string;
    role: string;
    sex: string;
    standing: string;
    involved: boolean;
    region: string;
    region_name: string;
    region_name_ko: string;
    has: string[];
    enrolled: boolean;
    caution: number;
    knows_cameras: boolean;
    held_days: string[];
    killed_on: string | null;
  };
  days: string[];
  systems: { id: string; says: string; records: number; on: boolean }[];
  records: Trace[];
  acts: { day: string; act: string; way: string; to: string | null; state: string }[];
  joins: Record<Join, string>;
  unicity: {
    points: number[];
    time: string[];
    place: string[];
    singled_out: Record<string, Record<string, (number | null)[]>>;
  };
  limits: string[];
}
