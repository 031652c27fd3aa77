import { en } from "../words/en";
import { ko, topics, units } from "../words/ko";
import type { Measure, Scenario, Tongue, Words } from "../api/shapes";
import { address } from "./address.svelte";

export type Word = keyof typeof en;

const texts: Record<Tongue, Record<Word, string>> = { en, ko };

function preferred(): Tongue {
  return navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
}

const first = preferred();

export function tongue(): Tongue {
  const asked = address.asked.lang;
  return asked === "ko" || asked === "en" ? asked : first;
}

/** A text of the page in the language of the reader; `{name}` is filled in. */
export function t(word: Word, filled: Record<string, string | number> = {}): string {
  return texts[tongue()][word].replace(/\{(\w+)\}/g, (_, name: string) => String(filled[name] ?? ""));
}

/** What the server gives in both languages. */
export function w(words: Words): string {
  return words[tongue()] || words.en;
}

/** The name of a place, with the Korean one from the census table. */
export function named(place: { name: string; name_ko: string }): string {
  return tongue() === "ko" && place.name_ko ? place.name_ko : place.name;
}

/** Places and scenarios to choose from, by their names. */
export function byName(all: readonly { id: string; name: string; name_ko: string }[]): [string, string][] {
  return all.map((each) => [each.id, named(each)]);
}
/** Numbers to choose from. */
export function plainly(all: readonly number[]): [number, string][] {
  return all.map((each) => [each, String(each)]);
}

/** What a scenario says, and in which language. */
export function condition(of: Scenario): string {
  return (tongue() === "ko" && of.sentence_ko) || of.sentence;
}
export function spoken(of: Scenario): Tongue {
  return tongue() === "ko" && of.sentence_ko ? "ko" : "en";
}

/** A topic of the evidence. */
export function topicName(of: string): string {
  const plain = of.replaceAll("_", " ");
  return tongue() === "ko" ? (topics[of] ?? plain) : plain;
}

/** A unit of the server, in the language of the reader. */
export function unit(of: string): string {
  return tongue() === "ko" ? (units[of] ?? of) : of;
}

/** What an act is called: the first half of the names of its measures. */
export function actName(measures: Measure[], act: string): string {
  const one = measures.find((each) => each.act === act);
  return one ? w(one.label).split(": ")[0]! : act.replaceAll("_", " ");
}

/** The name of a measure beside that of its act. */
export function endName(measure: Measure): string {
  const whole = w(measure.label);
  const end = measure.act ? whole.slice(whole.indexOf(": ") + 2) : whole;
  return `${end[0]!.toUpperCase()}${end.slice(1)}`;
}

/** A result in three digits, zeros too, so that two of them can be compared. */
export function measured(value: number | null | undefined): string {
  if (value === null || value === undefined || value === 0 || Math.abs(value) >= 1000 || Math.abs(value) < 0.0005) return number(value);
  return new Intl.NumberFormat(tongue() === "ko" ? "ko-KR" : "en-GB", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 }).format(value);
}

/** A number in three digits, or a dash where there is none. */
export function number(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined) return "–";
  const large = Math.abs(value) >= 10 ** digits;
  const how = large ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: digits };
  return new Intl.NumberFormat(tongue() === "ko" ? "ko-KR" : "en-GB", how).format(value);
}

/** A difference, with its sign. */
export function signed(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return (value > 0 ? "+" : "") + measured(value).replace("-", "−");
}

/** An explanation of the server as a sentence; the titles say the same in Korean. */
export function sentence(text: string): string {
  return tongue() === "en" && text ? `${text[0]!.toUpperCase()}${text.slice(1)}.` : "";
}
