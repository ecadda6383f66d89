import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import type { RunFlags } from '../config/command-line.ts';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { type Resolution, resolveConfig } from '../config/resolve.ts';
import { loadWorkloads } from '../config/workloads.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import type { ResolvedConfig } from '../model/run.ts';
import type { Workload } from '../model/workload.ts';
import { speak, userLanguage } from './language.ts';
import { terminal } from './terminal.ts';

/** Flags that commands share beside those that choose what is measured. */
export interface CommonFlags extends RunFlags {
  readonly config?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** False with `--no-progress`. */
  readonly progress?: boolean;
}

/** Files of which was said that they were loaded. */
const told = new Set<string>();

/**
 * `--config FILE`, or bench.config.ts of this directory for commands that start something (`here`); null where there is none.
 * A configuration is code: which one is executed is said, once.
 */
export async function configOf(
  { config }: Pick<CommonFlags, 'config'>,
  { here }: { readonly here: boolean },
): Promise<LoadedConfig | null> {
  if (config === undefined && !here) return null;
  const loaded = await loadConfig(config ?? null, process.cwd());
  if (loaded === null) return null;
  const path = resolve(loaded.file);
  if (!told.has(path)) terminal.log(`configuration: ${path}`);
  told.add(path);
  return loaded;
}

/**
 * Flags over the configuration of {@link configOf} over defaults, whose language is spoken from now on. OcibenchError (exit 2)
 * with every problem of both.
 */
export async function loadResolution(
  flags: CommonFlags,
  where: { readonly here: boolean } = { here: true },
): Promise<Resolution> {
  const loaded = await configOf(flags, where);
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

/** Every workload that there is: shipped, and of {@link configOf}. OcibenchError (exit 2) where one cannot be used. */
export async function allWorkloads(
  flags: Pick<CommonFlags, 'config'>,
  where: { readonly here: boolean },
): Promise<readonly Workload[]> {
  const loaded = await configOf(flags, where);
  return loadWorkloads(loaded?.config.ownWorkloads ?? []);
}

/** `--lang` of commands that need no further configuration. */
export function languageOf(asked: string): ResolvedConfig['lang'] {
  if (asked === 'en' || asked === 'fr') return asked;
  throw new OcibenchError(`--lang must be en or fr, but is '${asked}'`, { exitCode: exitCodes.misuse });
}
