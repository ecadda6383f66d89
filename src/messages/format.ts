import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { IntlMessageFormat } from 'intl-messageformat';
import type { Lang, Value, Values } from './message.ts';

/** What a template needs to be filled: a value by its name, as text, or as the number that chooses a plural. */
type Filler = IntlMessageFormat;

const compiled = new Map<string, Filler>();

/**
 * Fills an ICU template (https://unicode-org.github.io/icu/userguide/format_parse/messages/). `say` writes a value as text.
 * Tags are text. Throws where the template is not ICU, or a value is missing.
 */
export function fill(template: string, lang: Lang, values: Values, say: (value: Value) => string): string {
  const key = `${lang}\0${template}`;
  let filler = compiled.get(key);
  if (filler === undefined) {
    filler = new IntlMessageFormat(valuesAsText(parse(template, { ignoreTag: true })), lang);
    compiled.set(key, filler);
  }
  const given: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) {
    given[name] = typeof value === 'number' || typeof value === 'string' ? value : amountOf(value);
    given[asText(name)] = say(value);
  }
  return String(filler.format(given));
}

/** The number that decides a plural. */
function amountOf(value: Value): number | string {
  if (typeof value !== 'object') return value;
  if ('amount' in value) return value.amount;
  return 'list' in value ? value.list.length : '';
}

/** A value's name in the compiled template where its text is wanted: no name of a template can hold a space. */
const asText = (name: string) => `${name} `;

/** `{n}` is written by us (decimals, groups, units, nested messages); only plurals and selects see the value itself. */
function valuesAsText(elements: readonly MessageFormatElement[]): MessageFormatElement[] {
  return elements.map((element) => {
    if (element.type === TYPE.argument) return { ...element, value: asText(element.value) };
    if (element.type !== TYPE.plural && element.type !== TYPE.select) return element;
    const options = Object.entries(element.options).map(
      ([name, branch]) => [name, { ...branch, value: valuesAsText(branch.value) }] as const,
    );
    return { ...element, options: Object.fromEntries(options) };
  }) as MessageFormatElement[];
}
