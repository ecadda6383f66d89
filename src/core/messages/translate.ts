import { commandText, sayAnywhere } from './command.ts';
import { isEnglishOnly } from './english-only.ts';
import { fill } from './format.ts';
import catalogue from './fr.json' with { type: 'json' };
import type { Lang, Message, MessageRef, Quantity, Value, ValueList, Values } from './message.ts';
import { formatNumber, numberLocales } from './number.ts';
import { templateOf } from './registry.ts';

/** Maximum nesting depth of messages: a record from outside could nest them without end. */
const maxDepth = 16;

/** A message in that language. */
export function translate(message: Message, lang: Lang): string {
  return lang === 'en' && !holdsCommand(message.text)
    ? message.text
    : (translateRef(message, lang) ?? message.text);
}

/** May this English text contain a command? Each process writes commands in the form in which it was called itself. */
export function holdsCommand(english: string): boolean {
  return /ocibench(?:\s|$)/.test(english);
}

/** A reference in that language; null where this version does not know the message, or its values do not fit. */
export function translateRef(ref: MessageRef, lang: Lang): string | null {
  try {
    return nestedText(ref, lang, 0);
  } catch {
    // The record comes from another version, whose message has other values.
    return null;
  }
}

/**
 * The English text of a new message as records hold it, with commands in canonical form. Throws where the template is
 * invalid or a value is missing.
 */
export function englishText(template: string, values: Values): string {
  return sayAnywhere(() => fill(template, 'en', values, (value) => valueText(value, 'en', 1)));
}

function nestedText(ref: MessageRef, asked: Lang, depth: number): string {
  const lang = asked !== 'en' && isEnglishOnly(ref.id) ? 'en' : asked;
  const template = lang === 'fr' ? french(ref.id) : templateOf(ref.id);
  if (template === undefined || depth > maxDepth) throw new RangeError(`no message ${ref.id}`);
  return fill(template, lang, ref.values ?? {}, (value) => valueText(value, lang, depth + 1));
}

function valueText(value: Value, lang: Lang, depth: number): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value, lang);
  if ('amount' in value) return quantityText(value, lang);
  if ('list' in value) return listText(value, lang, depth);
  if ('ocibench' in value) return commandText(value.ocibench);
  // The template may belong to a part of the program that this process has not loaded.
  if (lang === 'en' && 'text' in value && typeof value.text === 'string')
    if (!holdsCommand(value.text) || templateOf(value.id) === undefined) return value.text;
  return nestedText(value, lang, depth);
}

/** English numbers are written as by JavaScript, so that a template's `{n}` reads like `${n}`. */
function numberText(value: number, lang: Lang): string {
  const text = String(value);
  if (lang === 'en' || !Number.isFinite(value) || text.includes('e')) return text;
  return formatNumber(value, text.split('.')[1]?.length ?? 0, lang);
}

const frenchUnits: Readonly<Record<string, string>> = {
  B: 'o',
  KiB: 'Kio',
  MiB: 'Mio',
  GiB: 'Gio',
  TiB: 'Tio',
};

function quantityText({ amount, decimals, unit }: Quantity, lang: Lang): string {
  const { percentSpace, unitSpace } = numberLocales[lang];
  const number = lang === 'en' ? amount.toFixed(decimals) : formatNumber(amount, decimals, lang);
  if (unit === '') return number;
  if (lang === 'en') return unit === '%' ? `${number}%` : `${number} ${unit.trimStart()}`;
  const name = unit.trimStart();
  return `${number}${name === '%' ? percentSpace : unitSpace}${Object.hasOwn(frenchUnits, name) ? frenchUnits[name] : name}`;
}

const joints = {
  en: { comma: ', ', semicolon: '; ', space: ' ', line: '\n', and: ' and ' },
  fr: { comma: ', ', semicolon: '\u00a0; ', space: ' ', line: '\n', and: ' et ' },
} as const;

function listText({ list, join }: ValueList, lang: Lang, depth: number): string {
  const items = list.map((value) => valueText(value, lang, depth));
  const words = joints[lang];
  if (join !== 'and' || items.length < 2) return items.join(words[join]);
  return `${items.slice(0, -1).join(words.comma)}${words.and}${items.at(-1)}`;
}

/** id → French ICU template, in which `~` stands for a no-break space, since editors do not show that. */
export const frenchCatalogue: Readonly<Record<string, string>> = catalogue;

/** The template, in every language, of the fix of a reason that is given its fix as a value. */
export const givenFix = '{fix}';

/** The French template of a message, with its no-break spaces; undefined where there is none. */
function french(id: string): string | undefined {
  if (Object.hasOwn(frenchCatalogue, id)) return frenchCatalogue[id]?.replaceAll('~', '\u00a0');
  return id.endsWith('.fix') ? givenFix : undefined;
}
