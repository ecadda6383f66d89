import { type Command, Help, type Option } from 'commander';
import type { Message } from '../messages/message.ts';
import { localized } from '../messages/record.ts';
import { translate } from '../messages/translate.ts';
import { formatProblem, type OcibenchError, type Problem } from '../model/error.ts';
import type { ResolvedConfig } from '../model/run.ts';
import { inLanguage } from '../report/phrases/phrase.ts';
import { terminalLines } from '../report/sanitize.ts';

type Lang = ResolvedConfig['lang'];

const state: { lang: Lang } = { lang: 'en' };

/** From now on everything that is said is in this language. */
export function speak(lang: Lang): void {
  state.lang = lang;
}

/** The language of what is said. */
export function spokenLanguage(): Lang {
  return state.lang;
}

/** A text of ours in the language that is spoken; what is none of ours stays as it is. */
export function spoken(text: Message | string): string {
  return typeof text === 'string' ? inLanguage(text, state.lang) : translate(text, state.lang);
}

/** What an error says, in the language that is spoken. */
export function spokenError(error: OcibenchError): string {
  const { text, lang } = localized(error, 'message', state.lang);
  return lang === state.lang ? text : spoken(text);
}

/** A complaint about an input, to be read by people. */
export function spokenProblem(problem: Problem): string {
  if (problem.messages !== undefined) return formatProblem(problem, state.lang);
  const { file, key, message, fix } = problem;
  return spoken(formatProblem({ file: spoken(file), key, message: spoken(message), fix: spoken(fix) }));
}

/** The language of the user's locale (locale(7): LC_ALL over LC_MESSAGES over LANG), where we have it. */
export function userLanguage(environment: NodeJS.ProcessEnv = process.env): Lang {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return locale.startsWith('fr') ? 'fr' : 'en';
}

/** `--lang fr` or `--lang=fr`, wherever it stands before a `--`; null where it is not given, or is none of ours. */
export function askedLanguage(words: readonly string[]): Lang | null {
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  const at = own.findLastIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const asked = own[at] === '--lang' ? own[at + 1] : own[at]?.slice('--lang='.length);
  return asked === 'en' || asked === 'fr' ? asked : null;
}

/** Gives help and complaints of a command line in the language that is spoken, and every command the option `--lang`. */
export function translateHelp(root: Command, langOption: () => Option): Command {
  const plain = new Help();
  for (const command of [root, ...descendants(root)]) {
    const acts = command.commands.length === 0;
    if (acts && !command.options.some(({ long }) => long === '--lang')) command.addOption(langOption());
    command.configureHelp({
      ...command.configureHelp(),
      styleTitle: spoken,
      commandDescription: (of) => spoken(plain.commandDescription(of)),
      subcommandDescription: (of) => spoken(plain.subcommandDescription(of)),
      argumentDescription: (of) => spoken(plain.argumentDescription(of)),
      optionDescription(of) {
        const rest = plain.optionDescription(of).slice(of.description.length).trim();
        return `${spoken(of.description)} ${spoken(rest)}`.trim();
      },
    });
    command.configureOutput({ writeErr: (text) => process.stderr.write(terminalLines(spoken(text))) });
  }
  return root;
}

function descendants(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}
