import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { type Resolution, resolveConfig } from '../config/resolve.ts';
import { loadWorkloads } from '../config/workloads.ts';
import { notices } from '../messages/define.ts';
import type { Lang } from '../messages/message.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import type { Workload } from '../model/workload.ts';
import type { AppContext } from './context.ts';
import type { CommonFlags } from './flags.ts';

const text = notices('configuration', {
  loaded: 'configuration: {path}',
  unusable: 'the configuration cannot be used',
  noLanguage: "--lang must be en or fr, but is ''{lang}''",
});

/** `bench.config.ts`, or what stands in its place, as far as a command wants it. */
export interface Configuration {
  /** null where there is none. */
  readonly loaded: LoadedConfig | null;
  /**
   * Flags over the file over defaults, whose language is spoken from now on. OcibenchError (exit 2) with every problem of both.
   */
  resolve(flags: CommonFlags): Resolution;
  /** Every workload that there is: shipped, and of the file. OcibenchError (exit 2) where one cannot be used. */
  workloads(): Promise<readonly Workload[]>;
}

/**
 * `--config FILE`, or bench.config.ts of the working directory for commands that start something (`here`). A configuration is
 * code: which one is executed is said.
 */
export async function openConfiguration(
  { reporter, environment }: Pick<AppContext, 'reporter' | 'environment'>,
  { config }: Pick<CommonFlags, 'config'>,
  { here }: { readonly here: boolean },
): Promise<Configuration> {
  const wanted = config !== undefined || here;
  const loaded = wanted ? await loadConfig(config ?? null, environment.workingDirectory) : null;
  if (loaded !== null) reporter.log(text.loaded({ path: resolve(loaded.file) }));
  return {
    loaded,
    resolve(flags) {
      const defaults = { seed: randomInt(2 ** 31), lang: environment.lang };
      const resolved = resolveConfig(flags, loaded?.config ?? null, defaults, loaded?.file);
      if (!resolved.ok)
        throw new OcibenchError(text.unusable, { exitCode: exitCodes.misuse, problems: resolved.problems });
      reporter.speak(resolved.resolution.config.lang);
      return resolved.resolution;
    },
    workloads: () => loadWorkloads(loaded?.config.ownWorkloads ?? []),
  };
}

/** `--lang` of commands that need no further configuration. */
export function languageOf(asked: string): Lang {
  if (asked === 'en' || asked === 'fr') return asked;
  throw new OcibenchError(text.noLanguage({ lang: asked }), { exitCode: exitCodes.misuse });
}
