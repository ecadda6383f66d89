import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../app/context.ts';
import { userLanguage } from './language.ts';

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
