import { type Command, Help, type HelpConfiguration } from 'commander';
import { listed } from '../core/messages/compose.ts';
import { messages } from '../core/messages/define.ts';
import type { Lang, Message } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';

/** Words that the help of every command contains. */
export const helpWords = messages('help', {
  program: 'Measure what container runtimes cost: the same workloads under each of them.',
  usage: 'Usage:',
  options: 'Options:',
  arguments: 'Arguments:',
  commands: 'Commands:',
  others: 'For the other options, see:  {command} --help',
  choices: '(choices: {choices})',
  default: '(default: {value})',
  helpOption: 'display help for command',
  versionOption: 'output the version number',
  hint: '(see {command} --help)',
  examples: 'Examples:',
  more: 'More about a command:  {command} COMMAND --help',
});

/** Titles over commands and options of one purpose. */
export const helpGroups = messages('help.group', {
  measure: 'Measure:',
  read: 'Read what was measured:',
  decide: 'Decide before you move services:',
  guard: 'Measure every night:',
  hosts: 'Measure on many hosts, or with a class of students:',
  host: 'Look after this host:',
  what: 'What is measured:',
  service: 'Your own service:',
  extent: 'How long, and how precisely:',
  engine: 'Engine:',
  output: 'Output:',
});

const titles: Readonly<Record<string, Message>> = {
  'Usage:': helpWords.usage,
  'Options:': helpWords.options,
  'Arguments:': helpWords.arguments,
  'Commands:': helpWords.commands,
};

/** The help of a group of commands: the commands, how to call it, what it is for, and its own options. */
function groupHelp(command: Command, help: Help): string {
  const width = Math.max(
    help.longestSubcommandTermLength(command, help),
    help.longestOptionTermLength(command, help),
  );
  const item = (term: string, description: string) => help.formatItem(term, width, description, help);
  const titled = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [help.styleTitle(title), ...items, ''];
  const own = help.visibleOptions(command).filter(({ long }) => long !== '--help');
  return [
    ...titled(
      'Commands:',
      help.visibleCommands(command).map((each) => item(help.subcommandTerm(each), each.description())),
    ),
    `${help.styleTitle('Usage:')} ${help.commandUsage(command)}`,
    '',
    help.boxWrap(command.description(), help.helpWidth ?? 80),
    '',
    ...titled(
      'Options:',
      own.map((option) => item(option.flags, help.optionDescription(option))),
    ),
  ].join('\n');
}

/** Commander's help configuration in a language, including commander's own words. */
export function helpIn(lang: Lang): HelpConfiguration {
  const plain = new Help();
  return {
    helpWidth: 100,
    // Every command has options, and its own help has its arguments.
    subcommandTerm: (command) => command.name(),
    visibleCommands: (command) => plain.visibleCommands(command).filter((each) => each.name() !== 'help'),
    formatHelp: (command, help) =>
      command.parent === null || command.commands.length === 0
        ? plain.formatHelp(command, help)
        : groupHelp(command, help),
    styleTitle: (title) => {
      const known = titles[title];
      return known === undefined ? title : translate(known, lang);
    },
    optionDescription(option) {
      const { argChoices, defaultValue, description } = option;
      if (argChoices !== undefined) {
        const choices = listed(argChoices.map((choice) => JSON.stringify(choice)));
        return `${description} ${translate(helpWords.choices({ choices }), lang)}`;
      }
      // Commander shows a default only where the user could have typed it.
      if (plain.optionDescription(option) === description) return description;
      return `${description} ${translate(helpWords.default({ value: JSON.stringify(defaultValue) }), lang)}`;
    },
  };
}
