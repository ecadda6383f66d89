import { Help, type HelpConfiguration } from 'commander';
import { listed } from '../core/messages/compose.ts';
import { messages } from '../core/messages/define.ts';
import type { Lang, Message } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';

/** Words that the help of every command contains. */
export const helpWords = messages('help', {
  program: 'What does a container runtime cost? The same workloads under every runtime of daemon.json.',
  usage: 'Usage:',
  options: 'Options:',
  arguments: 'Arguments:',
  commands: 'Commands:',
  choices: '(choices: {choices})',
  default: '(default: {value})',
  helpOption: 'display help for command',
  versionOption: 'output the version number',
  hint: '({command} --help shows what there is)',
  examples: 'Examples:',
});

/** Titles over commands and options of one purpose. */
export const helpGroups = messages('help.group', {
  measure: 'Measure:',
  results: 'Look at results:',
  nights: 'Watch over the nights:',
  host: 'This host:',
  shell: 'Help for the command line:',
  what: 'What is measured:',
  service: 'A service of your own:',
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

/** Commander's help configuration in a language, including commander's own words. */
export function helpIn(lang: Lang): HelpConfiguration {
  const plain = new Help();
  return {
    helpWidth: 100,
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
