import { RootCommand } from '@bomb.sh/tab';
import type { CompletionKind } from '../app/completable.ts';
import type { Lang } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import { type CommandDefinition, canRun, commandOf, type OptionDefinition } from './command.ts';
import { options } from './options.ts';

/** Returns the names of a kind that are known on this host. */
export type FindNames = (kind: CompletionKind) => Promise<readonly string[]>;

/** An option's long name without dashes, and the name of its value: `out`, `dir`. */
function partsOf({ flags }: OptionDefinition): { readonly name: string; readonly value: string | null } {
  const [, name = '', value = null] = /--([\w-]+)(?: <([^>]+)>)?/.exec(flags) ?? [];
  return { name, value };
}

/** The option whose value a word is: the word before it, or the part before `=`. */
function valuedOption(
  command: CommandDefinition | undefined,
  words: readonly string[],
): OptionDefinition | undefined {
  const last = words.at(-1) ?? '';
  const flag = last.startsWith('--') && last.includes('=') ? last.split('=')[0] : words.at(-2);
  return (command?.options ?? []).find((option) => {
    const { name, value } = partsOf(option);
    return value !== null && `--${name}` === flag;
  });
}

/** Completes a list with commas: the part up to the last comma stays. */
function continued(last: string, names: readonly string[]): readonly string[] {
  const typed = last.startsWith('--') ? last.slice(last.indexOf('=') + 1) : last;
  const before = typed.slice(0, typed.lastIndexOf(',') + 1);
  const given = before.split(',');
  return names.filter((name) => !given.includes(name)).map((name) => `${before}${name}`);
}

/**
 * Prints the completions of these words (of `ocibench complete -- WORDS`, the last one unfinished) in the format of the shells'
 * scripts. Names are looked up only when needed.
 */
export async function complete(
  commands: readonly CommandDefinition[],
  words: readonly string[],
  { namesOf, lang, print }: { readonly namesOf: FindNames; readonly lang: Lang; print(text: string): void },
): Promise<void> {
  const command = commandOf(commands, words);
  const option = valuedOption(command, words);
  const { value = null } = option === undefined ? {} : partsOf(option);
  if (value === 'file' || value === 'dir') {
    // The library does not complete files: this directive makes the shell do so.
    print(':0');
    return;
  }
  const argument = command?.arguments?.find(({ completes }) => completes !== undefined);
  const kind = option === undefined ? argument?.completes : option.completes;
  const names = kind === undefined ? [] : continued(words.at(-1) ?? '', await namesOf(kind));
  completions(
    commands.filter(({ hidden }) => hidden !== true),
    names,
    lang,
  ).parse([...words]);
}

/** Adds the values of an option or an argument: its own choices, or the names that were looked up. */
function adding(
  { choices, completes }: Pick<OptionDefinition, 'choices' | 'completes'>,
  names: readonly string[],
): (add: (value: string, description: string) => void) => void {
  const values = choices ?? (completes === undefined ? [] : names);
  return (add) => {
    for (const value of values) add(value, '');
  };
}

/** The tree of commands in the library's form. */
function completions(
  commands: readonly CommandDefinition[],
  names: readonly string[],
  lang: Lang,
): RootCommand {
  const root = new RootCommand();
  for (const command of commands) {
    const made = root.command(command.name, translate(command.words, lang));
    if (!canRun(command)) continue;
    const own: readonly OptionDefinition[] = [...(command.options ?? []), options.lang];
    for (const option of own) {
      const { name, value } = partsOf(option);
      const described = translate(option.words, lang);
      if (value === null) made.option(name, described);
      else made.option(name, described, adding(option, names));
    }
    for (const argument of command.arguments ?? []) {
      const { name } = argument;
      made.argument(name, adding(argument, names), name.includes('...'));
    }
  }
  return root;
}
