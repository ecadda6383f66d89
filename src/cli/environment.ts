import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Environment } from '../app/reporter.ts';
import { setPair } from '../core/config/set-pair.ts';
import { findProgramNow } from '../core/files/programs.ts';
import { type StoredInvocation, shellWord } from '../core/messages/command.ts';
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

/** Does `--set` give this key this value? What shows a command is read before the command checks its flags. */
export function isSet(
  { set = [] }: { readonly set?: readonly string[] },
  key: string,
  value: boolean,
): boolean {
  return set.some((each) => {
    const pair = setPair(each);
    // JSON may have spaces around it.
    return pair?.key === key && pair.value.trim() === String(value);
  });
}

/** How and by whom this process was started. The launcher passes the name it was called by. */
export function environmentOf(variables: NodeJS.ProcessEnv, version: string): Environment {
  const { SUDO_USER, LOGNAME, USER, OCIBENCH_COMMAND, XDG_CACHE_HOME } = variables;
  return {
    version,
    program: OCIBENCH_COMMAND ?? 'ocibench',
    workingDirectory: process.cwd(),
    // XDG Base Directory
    cacheDirectory: join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'ocibench'),
    isRoot: process.getuid?.() === 0,
    userNames: [SUDO_USER, LOGNAME, USER].filter((name) => name !== undefined),
    lang: userLanguage(variables),
  };
}

/** Where sudo looks for programs (Debian's secure_path), whatever the user's PATH is. */
const securePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The words that start this program again: from the working directory, and from any directory. */
export function calledFrom(
  variables: NodeJS.ProcessEnv,
  { program, workingDirectory, isRoot }: Pick<Environment, 'program' | 'workingDirectory' | 'isRoot'>,
): { readonly here: Omit<StoredInvocation, 'given'>; readonly inFiles: Omit<StoredInvocation, 'given'> } {
  const { PATH = '', INIT_CWD, SUDO_UID, OCIBENCH_STATE, OCIBENCH_LOCK } = variables;
  // npm and our launcher prepend package directories to PATH, which the user's shell does not have.
  const path = PATH.split(':')
    .filter((directory) => !directory.endsWith('/node_modules/.bin'))
    .join(':');
  const isPath = program.includes('/');
  const absolute = isPath ? resolve(workingDirectory, program) : (findProgramNow(program, path) ?? program);
  const isOnPath = !isPath || isSame(absolute, findProgramNow(basename(program), path));
  const fromAnywhere = isOnPath ? basename(program) : absolute;
  // npm starts scripts in the directory of the package, wherever the user is.
  const isHere = INIT_CWD === undefined || INIT_CWD === workingDirectory;
  const fromHere = !isOnPath && isHere ? program : fromAnywhere;
  const hasSudo = findProgramNow('sudo', path) !== null;
  const shared = {
    sudo: isRoot ? (hasSudo && SUDO_UID !== undefined ? 'always' : 'never') : hasSudo ? 'asRoot' : 'missing',
    variables: Object.fromEntries(
      Object.entries({ OCIBENCH_STATE, OCIBENCH_LOCK }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, resolve(workingDirectory, value)]],
      ),
    ),
  } as const;
  const forms = (name: string) => ({
    ...shared,
    program: shellWord(name),
    rootProgram: programForSudo(name, absolute),
  });
  return { here: forms(fromHere), inFiles: forms(fromAnywhere) };
}

/** Under sudo neither the program nor its Node may depend on the user's PATH. */
function programForSudo(name: string, absolute: string): string {
  if (!absolute.includes('/')) return shellWord(name);
  const isFound = name.includes('/') || isSame(absolute, findProgramNow(name, securePath));
  const program = shellWord(isFound ? name : absolute);
  if (!(realPath(absolute) ?? '').endsWith('.js')) return program;
  const node = findProgramNow('node', securePath);
  return isSame(process.execPath, node)
    ? program
    : `${shellWord(process.execPath)} ${shellWord(name.includes('/') ? name : absolute)}`;
}

function isSame(path: string, other: string | null): boolean {
  const real = realPath(path);
  return other !== null && real !== null && real === realPath(other) && basename(path) === basename(other);
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
