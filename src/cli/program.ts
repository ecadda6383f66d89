import { join } from 'node:path';
import { Option } from 'commander';
import { commandText } from '../core/messages/command.ts';
import { external } from '../core/messages/compose.ts';
import type { Lang } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import { featureFolders, foundModules } from '../core/modules/default-exports.ts';
import { type CommandDefinition, canRun, type Example, type OptionDefinition } from './command.ts';
import { helpWords } from './help.ts';
import { LocalizedCommand } from './localized-command.ts';
import { options as sharedOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** Every command, one file each in `commands/` here and in features, in help order. */
export async function loadCommands(): Promise<readonly CommandDefinition[]> {
  const folders = [join(import.meta.dirname, 'commands'), ...featureFolders('commands')];
  const found = await Promise.all(folders.map((folder) => foundModules(folder)));
  return found
    .flat()
    .map(({ module }) => module.command as CommandDefinition)
    .toSorted((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
}

/** Input of the command line. */
export interface ProgramOptions {
  readonly version: string;
  readonly lang: Lang;
  readonly commands: readonly CommandDefinition[];
  /** Called with the parsed command. */
  act(command: CommandDefinition, flags: object, words: readonly string[]): Promise<void>;
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
}

/** The command line of this version, with help in `lang`. */
export function program({
  version,
  lang,
  commands,
  act,
  writeOut,
  writeErr,
}: ProgramOptions): LocalizedCommand {
  const root = new LocalizedCommand(commandText([]), lang)
    .description(translate(helpWords.program, lang))
    .version(version, '-V, --version', translate(helpWords.versionOption, lang));
  const output = { writeOut, writeErr };
  root.configureOutput(output);
  root.addHelpText('after', `\n${translate(helpWords.more({ command: commandText([]) }), lang)}`);
  // An option belongs to the command that it follows, and not to the groups around it.
  root.enablePositionalOptions();
  const groups = new Map<string, LocalizedCommand>([['', root]]);
  for (const definition of commands) {
    const words = definition.name.split(' ');
    const parent = groups.get(words.slice(0, -1).join(' '));
    if (parent === undefined) throw new Error(`the group of the command ${definition.name} is missing`);
    const made = parent.command(words.at(-1) ?? '').description(translate(definition.words, lang));
    made.configureOutput(output);
    const { group, examples = [], explainedBy } = definition;
    if (group !== undefined) made.helpGroup(translate(group, lang));
    const isGroup = commands.some(({ name }) => name.startsWith(`${definition.name} `));
    if (examples.length > 0) {
      const lines = examplesText(examples, lang);
      made.addHelpText(isGroup ? 'before' : 'after', isGroup ? `${lines}\n` : `\n${lines}`);
    }
    if (isGroup) {
      made.helpCommand(true);
      groups.set(definition.name, made as LocalizedCommand);
    }
    if (!canRun(definition)) continue;
    for (const { name, words: description } of definition.arguments ?? [])
      made.argument(name, translate(description, lang));
    const given = definition.options ?? [];
    const own = given.some(({ flags }) => flags === sharedOptions.lang.flags);
    const explained = new Set(
      commands.find(({ name }) => name === explainedBy)?.options?.map(({ flags }) => flags) ?? [],
    );
    for (const option of own ? given : [...given, sharedOptions.lang])
      made.addOption(optionOf(option, lang).hideHelp(explained.has(option.flags)));
    if (explainedBy !== undefined) {
      const command = `${root.name()} ${explainedBy}`;
      made.addHelpText('after', translate(helpWords.others({ command }), lang));
    }
    // What is given to a group that is itself a command counts for the commands in it.
    made.action(() => {
      const [outer, inner] = [made.parent?.opts() ?? {}, made.opts()];
      // Keys of `--set` add up, also before and after the name of the command.
      const set = outer.set && inner.set ? { set: [...outer.set, ...inner.set] } : {};
      return act(definition, { ...outer, ...inner, ...set }, made.args);
    });
  }
  return root;
}

/** The full command line of an example. */
export function exampleLine({ line, wrap = '{command}' }: Example): string {
  return wrap.replace('{command}', () => `${commandText([])} ${line}`);
}

/** The examples after a command's options, each below its explanation as a shell comment. */
function examplesText(examples: readonly Example[], lang: Lang): string {
  const lines = examples.flatMap((example) => [
    `  # ${translate(example.words, lang)}`,
    `  ${exampleLine(example)}`,
  ]);
  return [translate(helpWords.examples, lang), ...lines].join('\n');
}

function optionOf(definition: OptionDefinition, lang: Lang): Option {
  const option = new Option(definition.flags, translate(definition.words, lang));
  if (definition.choices !== undefined) option.choices([...definition.choices]);
  if (definition.isRequired) option.makeOptionMandatory();
  if (definition.parse !== undefined) option.argParser(definition.parse);
  if (definition.default !== undefined) option.default(definition.default);
  if (definition.group !== undefined) option.helpGroup(translate(definition.group, lang));
  return option;
}

/** Parses options from words that are arguments of another command. */
export function parseOptions(
  name: string,
  options: readonly OptionDefinition[],
  words: readonly string[],
  terminal: Terminal,
): object {
  const { lang } = terminal;
  const writeErr = (text: string) => terminal.warn(external(text.trimEnd()));
  const command = new LocalizedCommand(name, lang).configureOutput({ writeErr });
  for (const option of options) command.addOption(optionOf(option, lang));
  return command.parse(words, { from: 'user' }).opts();
}
