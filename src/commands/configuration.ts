import { randomInt } from 'node:crypto';
import type { RunFlags } from '../config/command-line.ts';
import { loadConfig } from '../config/load-config.ts';
import { type Resolution, resolveConfig } from '../config/resolve.ts';
import { loadWorkloads } from '../config/workloads.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import type { ResolvedConfig } from '../model/run.ts';
import type { Workload } from '../model/workload.ts';
import { speak, userLanguage } from './language.ts';

/** Flags that commands share beside those that choose what is measured. */
export interface CommonFlags extends RunFlags {
  readonly config?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** False with `--no-progress`. */
  readonly progress?: boolean;
}

/** Flags over bench.config.ts over defaults, whose language is spoken from now on. OcibenchError (exit 2) with every problem of both. */
export async function loadResolution(flags: CommonFlags): Promise<Resolution> {
  const loaded = await loadConfig(flags.config ?? null, process.cwd());
  const surroundings = { seed: randomInt(2 ** 31), lang: userLanguage() };
  const resolved = resolveConfig(flags, loaded?.config ?? null, surroundings, loaded?.file);
  if (resolved.ok) {
    speak(resolved.resolution.config.lang);
    return resolved.resolution;
  }
  throw new OcibenchError('the configuration cannot be used', {
    exitCode: exitCodes.misuse,
    problems: resolved.problems,
  });
}

/** Every workload that there is: shipped, and of bench.config.ts. OcibenchError (exit 2) where one cannot be used. */
export async function allWorkloads(flags: Pick<CommonFlags, 'config'>): Promise<readonly Workload[]> {
  const loaded = await loadConfig(flags.config ?? null, process.cwd());
  return loadWorkloads(loaded?.config.ownWorkloads ?? []);
}

/** `--lang` of commands that need no further configuration. */
export function languageOf(asked: string): ResolvedConfig['lang'] {
  if (asked === 'en' || asked === 'fr') return asked;
  throw new OcibenchError(`--lang must be en or fr, but is '${asked}'`, { exitCode: exitCodes.misuse });
}
