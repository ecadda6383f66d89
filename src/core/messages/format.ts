import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { IntlMessageFormat } from 'intl-messageformat';
import { filledCommand, type TemplateCommand, templateCommand } from './command.ts';
import type { Lang, Value, Values } from './message.ts';

/** A compiled template. It is filled with values by name: as text, or as the number that chooses a plural. */
interface CompiledTemplate {
  readonly text: (given: Readonly<Record<string, string | number>>) => string;
  readonly commands: readonly TemplateCommand[];
}

const compiled = new Map<string, CompiledTemplate>();

/**
 * Fills an ICU template (https://unicode-org.github.io/icu/userguide/format_parse/messages/). `say` formats a value as
 * text. Tags are literal text. Throws where the template is invalid or a value is missing.
 */
export function fill(template: string, lang: Lang, values: Values, say: (value: Value) => string): string {
  const key = `${lang}\0${template}`;
  let filler = compiled.get(key);
  if (filler === undefined) {
    const commands: TemplateCommand[] = [];
    const elements = valuesAsText(withoutCommands(parseElements(template), commands));
    filler = { text: textOf(elements, lang), commands };
    compiled.set(key, filler);
  }
  const given: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) {
    given[name] = typeof value === 'number' || typeof value === 'string' ? value : amountOf(value);
    given[asText(name)] = say(value);
  }
  const valueNamed = (name: string) => {
    const value = values[name];
    return typeof value === 'number' ? String(value) : String(given[asText(name)] ?? missing(name));
  };
  for (const [i, command] of filler.commands.entries())
    given[asText(commandName(i))] = filledCommand(command, valueNamed, lang);
  return filler.text(given);
}

/**
 * The elements of a template. The parser looks at every character, which for the words of all commands takes as long as Node takes to
 * start: it gets what has syntax (a brace, a quoted bracket), and of the rest only `''` stands for something else.
 */
export function parseElements(template: string): readonly MessageFormatElement[] {
  if (/[{}]|'[<>]/.test(template)) return parse(template, { ignoreTag: true });
  return [{ type: TYPE.literal, value: template.replaceAll("''", "'") }];
}

/** What puts given texts into elements. Only plurals and selects need what knows the rules of languages. */
function textOf(elements: MessageFormatElement[], lang: Lang): CompiledTemplate['text'] {
  const parts = elements.map((element) => {
    if (element.type === TYPE.literal) return element.value;
    return element.type === TYPE.argument ? { name: element.value } : null;
  });
  if (parts.includes(null)) {
    const format = new IntlMessageFormat(elements, lang);
    return (given) => String(format.format(given));
  }
  return (given) =>
    parts
      .map((part) => (typeof part === 'string' ? part : (given[part?.name ?? ''] ?? missing(part?.name))))
      .join('');
}

function missing(name = ''): never {
  throw new RangeError(`no value ${name.trim()}`);
}

/** Replaces the commands in a template (`@(report {run})`) by values, which are computed once the other values are known. */
export function withoutCommands(
  elements: readonly MessageFormatElement[],
  commands: TemplateCommand[],
): readonly MessageFormatElement[] {
  const rest: MessageFormatElement[] = [];
  let open: (string | { readonly value: string })[] | null = null;
  for (const element of elements) {
    if (element.type === TYPE.plural || element.type === TYPE.select) {
      if (open !== null) throw new SyntaxError('a command cannot hold a plural');
      const options = Object.entries(element.options).map(
        ([name, branch]) => [name, { ...branch, value: withoutCommands(branch.value, commands) }] as const,
      );
      rest.push({ ...element, options: Object.fromEntries(options) } as MessageFormatElement);
    } else if (element.type !== TYPE.literal) {
      if (open === null) rest.push(element);
      else if (element.type === TYPE.argument) open.push({ value: element.value });
    } else {
      for (const piece of element.value.split(/(@\(|\))/)) {
        if (piece === '@(' && open === null) open = [];
        else if (piece === ')' && open !== null) {
          rest.push({ type: TYPE.argument, value: commandName(commands.length) });
          commands.push(templateCommand(open));
          open = null;
        } else if (open === null) rest.push({ type: TYPE.literal, value: piece });
        else open.push(piece);
      }
    }
  }
  if (open !== null) throw new SyntaxError('a command does not end');
  return rest;
}

/** Name of a command's value; names of values in templates contain no space. */
const commandName = (i: number) => `command ${i}`;

/** The number that selects a plural. */
function amountOf(value: Value): number | string {
  if (typeof value !== 'object') return value;
  if ('amount' in value) return value.amount;
  if ('ocibench' in value) return '';
  return 'list' in value ? value.list.length : '';
}

/** Name under which a value's text is passed to the compiled template: names in templates contain no space. */
const asText = (name: string) => `${name} `;

/**
 * Makes `{n}` refer to a text that ocibench formats (decimals, groups, units, nested messages); only plurals and
 * selects get the value itself.
 */
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
