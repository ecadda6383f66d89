import type { Lang } from '../../messages/message.ts';
import { formatNumber, numberLocales } from '../../messages/number.ts';
import { analysisPhrases } from './analysis.ts';
import { calibrationPhrases } from './calibration.ts';
import { commandPhrases } from './commands.ts';
import { configurationPhrases } from './configuration.ts';
import { daemonPhrases } from './daemon.ts';
import { executionPhrases } from './execution.ts';
import { figurePhrases } from './figures.ts';
import { helpPhrases } from './help.ts';
import { doctorPhrases, preflightPhrases } from './host.ts';
import { labPhrases } from './lab.ts';
import { outputPhrases } from './outputs.ts';
import { statePhrases } from './state.ts';
import { troublePhrases } from './trouble.ts';
import { workloadPhrases } from './workloads.ts';

/**
 * English sentence of the source, its values as `{0}`, `{1}` …, → French.
 *
 * What records and errors say is English: one text that programs, CSV files and old versions read alike. In French it is
 * told by this catalogue, as gettext does it, so that the reports of any run, however old, are French throughout.
 * `test/report/phrases.test.ts` reads the sources and finds what is missing here, and what nothing says any more.
 *
 * In the French: `~` is a no-break space; `{0}` a value, itself told in French where it is a sentence of ours; `{0!}` a
 * single word; `{0,}` a list; `{0&}` names joined by `and`; `{0#}` a number; `{0|a été|ont été}` chooses by the number that the value begins with;
 * `{0-}` leaves a value out (an English plural's `s`).
 */
export type Phrases = Readonly<Record<string, string>>;

/** Every sentence that there is in two languages. */
const phrases: Phrases = {
  ...doctorPhrases,
  ...preflightPhrases,
  ...analysisPhrases,
  ...executionPhrases,
  ...statePhrases,
  ...daemonPhrases,
  ...troublePhrases,
  ...figurePhrases,
  ...configurationPhrases,
  ...calibrationPhrases,
  ...commandPhrases,
  ...labPhrases,
  ...helpPhrases,
  ...workloadPhrases,
  ...outputPhrases,
};

interface Pattern {
  /** What stands before, between and after its values. */
  readonly pieces: readonly string[];
  readonly french: string;
}

const placeholder = /\{\d+\}/;

/** Those with values, the most telling first: `{0} of {1} trials failed; {2}` before `{0}; {1}`. */
const patterns: readonly Pattern[] = Object.entries(phrases)
  .filter(([english]) => placeholder.test(english))
  .map(([english, french]) => {
    const pieces = english.split(placeholder);
    const weight = pieces.join('').length;
    return { pieces, weight, french };
  })
  .sort((a, b) => b.weight - a.weight);

/** How deep a sentence may stand in another one: `3 of 9 trials failed; most often parse: …` is three. */
const deepest = 8;

/** A sentence of ours in that language; null where it is none of ours (what an engine or a tool said). */
export function phrase(text: string, lang: Lang): string | null {
  return lang === 'en' ? text : inFrench(text, 0);
}

/** A text of one or several lines, as far as it is ours; the rest, and every indentation, stays as it is. */
export function inLanguage(text: string, lang: Lang): string {
  if (lang === 'en') return text;
  return inFrench(text, 0) ?? linesInFrench(text, 0);
}

function linesInFrench(text: string, depth: number): string {
  return text
    .split('\n')
    .map((line) => {
      const words = line.trim();
      const start = line.length - line.trimStart().length;
      return words === '' ? line : `${line.slice(0, start)}${inFrench(words, depth) ?? words}`;
    })
    .join('\n');
}

function inFrench(text: string, depth: number): string | null {
  if (depth > deepest) return null;
  return whole(text, depth) ?? withoutStop(text, depth) ?? pieces(text, depth);
}

function whole(text: string, depth: number): string | null {
  const exact = Object.hasOwn(phrases, text) ? phrases[text] : undefined;
  // A single word in a sentence may be a name (`--network=none`): it is a sentence of ours only by itself.
  if (exact !== undefined && (depth === 0 || /\S\s+\S|^\W/.test(text))) return typeset(exact);
  for (const { pieces, french } of patterns) {
    const values = valuesIn(text, pieces);
    if (values !== null) return filled(french, values, depth);
  }
  return null;
}

/**
 * What stands between the pieces of a sentence, each value as short as can be; null where the text is another one. A value
 * may be what a container printed: the time grows with the length of the text, whatever is in it.
 */
function valuesIn(text: string, pieces: readonly string[]): readonly string[] | null {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  const end = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last) || end < first.length) return null;
  const values: string[] = [];
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = text.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return null;
    values.push(text.slice(from, at));
    from = at + piece.length;
  }
  return [...values, text.slice(from, end)];
}

/** Reports end what they quote with a full stop. */
function withoutStop(text: string, depth: number): string | null {
  if (!text.endsWith('.') || text.endsWith('..')) return null;
  const french = whole(text.slice(0, -1), depth);
  return french === null ? null : `${french}.`;
}

/** Notes are joined by semicolons. */
function pieces(text: string, depth: number): string | null {
  const parts = text.split('; ');
  if (parts.length < 2) return null;
  const french = parts.map((part) => inFrench(part, depth + 1));
  if (french.every((part) => part === null)) return null;
  return french.map((part, i) => part ?? parts[i]).join('\u00a0; ');
}

function filled(french: string, values: readonly string[], depth: number): string {
  return french
    .split(/(\{\d+[^}]*\})/)
    .map((part) => {
      const [, index, how = ''] = /^\{(\d+)([^}]*)\}$/.exec(part) ?? [];
      if (index === undefined) return typeset(part);
      const value = values[Number(index)] ?? '';
      if (how === '-') return '';
      if (how === '#') return frenchNumbers(value);
      if (how === '&') return value.replaceAll(' and ', ' et ');
      if (how === '!') return whole(value, 0) ?? value;
      if (how === ',')
        return value
          .split(', ')
          .map((item) => inFrench(item, depth + 1) ?? item)
          .join(', ');
      if (how.startsWith('|')) return plural(value, how);
      return inFrench(value, depth + 1) ?? (value.includes('\n') ? linesInFrench(value, depth + 1) : value);
    })
    .join('');
}

const typeset = (french: string) => french.replaceAll('~', '\u00a0');

/** `1` and what is below it are singular in French. */
function plural(value: string, forms: string): string {
  const [, one = '', many = ''] = typeset(forms).split('|');
  return Math.abs(Number.parseFloat(value)) < 2 ? one : many;
}

/** `12.5 MiB` → `12,5 Mio`; a number alone, or with a unit after it. */
function frenchNumbers(value: string): string {
  const units: Readonly<Record<string, string>> = { B: 'o', KiB: 'Kio', MiB: 'Mio', GiB: 'Gio' };
  return value.replace(/(\d+(?:\.\d+)?)(?:\s?(%|[KMG]iB|B\b))?/g, (_, digits: string, unit?: string) => {
    const decimals = digits.split('.')[1]?.length ?? 0;
    const number = formatNumber(Number(digits), decimals, 'fr');
    if (unit === undefined) return number;
    const { percentSpace, unitSpace } = numberLocales.fr;
    return `${number}${unit === '%' ? percentSpace : unitSpace}${units[unit] ?? unit}`;
  });
}
