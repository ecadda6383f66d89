import type { Lang, Message } from '../messages/message.ts';
import { localized } from '../messages/record.ts';
import { translate } from '../messages/translate.ts';
import { formatProblem, type OcibenchError, type Problem } from '../model/error.ts';
import { inLanguage as phraseInLanguage } from '../report/phrases/phrase.ts';

/** A text in that language, as far as it is ocibench's; what it quotes stays as it is. */
export function inLanguage(text: Message | string, lang: Lang): string {
  return typeof text === 'string' ? phraseInLanguage(text, lang) : translate(text, lang);
}

/** What an error says. */
export function errorText(error: OcibenchError, lang: Lang): string {
  const found = localized(error, 'message', lang);
  return found.lang === lang ? found.text : inLanguage(found.text, lang);
}

/** A complaint about an input, to be read by people. */
export function problemText(problem: Problem, lang: Lang): string {
  if (problem.messages !== undefined) return formatProblem(problem, lang);
  const { file, key, message, fix } = problem;
  const [where, what, help] = [file, message, fix].map((text) => inLanguage(text, lang));
  return inLanguage(formatProblem({ file: where ?? '', key, message: what ?? '', fix: help ?? '' }), lang);
}

/** The language of the user's locale (locale(7): LC_ALL over LC_MESSAGES over LANG), where we have it. */
export function userLanguage(environment: NodeJS.ProcessEnv): Lang {
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
