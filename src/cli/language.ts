import type { Lang } from '../core/messages/message.ts';

/**
 * Language of the user's locale (locale(7): LC_ALL over LC_MESSAGES over LANG); English where ocibench has no
 * translation.
 */
export function userLanguage(environment: NodeJS.ProcessEnv): Lang {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return locale.startsWith('fr') ? 'fr' : 'en';
}

/** Language of `--lang fr` or `--lang=fr` anywhere before a `--`; null where it is missing or unknown. */
export function askedLanguage(words: readonly string[]): Lang | null {
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  const at = own.findLastIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const asked = own[at] === '--lang' ? own[at + 1] : own[at]?.slice('--lang='.length);
  return asked === 'en' || asked === 'fr' ? asked : null;
}
