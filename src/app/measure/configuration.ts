import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { serviceWorkloads } from '../../../workloads/lib/service-workloads.ts';
import { parseFlags, type RunFlags, type RunRequest } from '../../core/config/command-line.ts';
import type { BenchConfig } from '../../core/config/define-config.ts';
import { type LoadedConfig, loadConfig } from '../../core/config/load-config.ts';
import { type Resolution, resolveConfig } from '../../core/config/resolve.ts';
import { serviceOf } from '../../core/config/service-shape.ts';
import { withSet } from '../../core/config/set.ts';
import { loadRecipes, loadWorkloads } from '../../core/config/workloads.ts';
import { alsoGiven } from '../../core/messages/command.ts';
import { notices, reasons } from '../../core/messages/define.ts';
import type { Lang } from '../../core/messages/message.ts';
import { misuse, type Problem, problemOf } from '../../core/model/failure/error.ts';
import { suggestName } from '../../core/model/nearest.ts';
import { dropUndefined } from '../../core/model/objects.ts';
import { recipeOf, type Service } from '../../core/model/workload/service.ts';
import type { Workload } from '../../core/model/workload/workload.ts';
import { readSeccompFiles, withSeccompPaths } from '../container-profiles/seccomp-files.ts';
import type { AppContext } from '../context.ts';

const servicesText = notices('services', { unusable: 'a service cannot be measured' });
const why = reasons('services', {
  noRecipe: { message: "there is no recipe ''{id}''" },
});

function recipeProblems({ name, image, load }: Service, known: readonly string[]): readonly Problem[] {
  return [image, load?.image ?? '']
    .map(recipeOf)
    .filter((id) => id !== null)
    .filter((id) => !known.includes(id))
    .map((id) => {
      const fix = suggestName(id, known);
      return problemOf({ file: 'services', key: name }, why.noRecipe({ id, fix }));
    });
}

/** The workloads of services. OcibenchError (exit 2) where a recipe is unknown. */
export async function workloadsOfServices(services: readonly Service[]): Promise<readonly Workload[]> {
  if (services.length === 0) return [];
  const known = (await loadRecipes()).map(({ id }) => id);
  const problems = services.flatMap((service) => recipeProblems(service, known));
  if (problems.length > 0) throw misuse(servicesText.unusable, problems);
  return services.flatMap(serviceWorkloads);
}

const text = notices('configuration', {
  loaded: 'configuration: {path}',
  unusable: 'the configuration cannot be used',
  noLanguage: "--lang must be en or fr, but is ''{lang}''",
});

const notHere = reasons('configuration', {
  vain: {
    message: 'has no meaning here: this command measures nothing',
    fix: 'leave it out; context, insecureTcp, daemonJson and wait have one',
  },
});

/** The configuration of a command: `bench.config.ts` or the file of `--config`. */
export interface Configuration {
  /** The file with what `--set` puts over it; null where there is neither. */
  readonly loaded: LoadedConfig | null;
  /**
   * Merges the request over the file over the defaults, and sets the reporter's language. OcibenchError (exit 2) with all
   * problems: the command line's first, then the file's.
   */
  resolve(request: RunRequest, problems?: readonly Problem[]): Resolution;
  /**
   * All workloads: shipped ones, the file's, and those of `services` (of a resolved configuration or a record; default: the
   * file's). OcibenchError (exit 2) where one cannot be used.
   */
  workloads(services?: readonly Service[]): Promise<readonly Workload[]>;
}

/**
 * Opens `--config FILE`, or bench.config.ts of the working directory for commands that start something (`here`). A
 * configuration is code, so its path is logged. `beside`: the command's own settings, which replace the file's.
 */
export async function openConfiguration(
  { reporter, environment }: Pick<AppContext, 'reporter' | 'environment'>,
  { config, profiles, preset, set }: Pick<RunRequest, 'config' | 'profiles' | 'preset' | 'set'>,
  { here, beside = {} }: { readonly here: boolean; readonly beside?: BenchConfig },
): Promise<Configuration> {
  const wanted = config !== undefined || here;
  const read = wanted ? await loadConfig(config ?? null, environment.workingDirectory) : null;
  const loaded = withSet(read, withSeccompPaths(set, environment.workingDirectory));
  if (read !== null) {
    const path = resolve(read.file);
    reporter.log(text.loaded({ path }));
    alsoGiven('--config', config ?? null, path);
  }
  const seccomp = await readSeccompFiles({ profiles, preset }, loaded, environment.workingDirectory);
  const given = loaded === null && Object.keys(beside).length === 0 ? null : { ...loaded?.config, ...beside };
  return {
    loaded,
    resolve(request, problems = []) {
      const defaults = { seed: randomInt(2 ** 31), lang: environment.lang };
      const resolved = resolveConfig(request, given, defaults, loaded?.file, seccomp);
      if (!resolved.ok) throw misuse(text.unusable, [...problems, ...resolved.problems]);
      if (problems.length > 0) throw misuse(text.unusable, problems);
      reporter.setLang(resolved.resolution.config.lang);
      return resolved.resolution;
    },
    workloads: async (services = (loaded?.config.services ?? []).map(serviceOf)) => {
      const own = [...(loaded?.config.ownWorkloads ?? []), ...(await workloadsOfServices(services))];
      return loadWorkloads(own, undefined, loaded?.file);
    },
  };
}

/**
 * Parses the flags of a command line. OcibenchError (exit 2) with every problem of the flags and of the configuration below
 * them; `here`: see {@link openConfiguration}; `keys`: see {@link parseFlags}.
 */
export async function requestOf(
  app: Pick<AppContext, 'reporter' | 'environment'>,
  flags: RunFlags,
  { here, keys = {} }: { readonly here: boolean; readonly keys?: Readonly<Record<string, string>> },
): Promise<RunRequest> {
  const { request, problems } = parseFlags(flags, keys);
  if (problems.length > 0) (await openConfiguration(app, request, { here })).resolve(request, problems);
  return request;
}

/** The keys of `--set` that choose a daemon and its runtimes, and whether to wait for another measurement. */
type DaemonRequest = Pick<RunRequest, 'context' | 'insecureTcp' | 'daemonJson' | 'wait'>;

/** What `--set` says of the daemon, for commands that measure nothing. OcibenchError (exit 2) for any other key. */
export async function daemonRequest(
  app: Pick<AppContext, 'reporter' | 'environment'>,
  { set }: Pick<RunFlags, 'set'>,
): Promise<DaemonRequest> {
  const request = await requestOf(app, set === undefined ? {} : { set }, { here: false });
  const { context, insecureTcp, daemonJson, wait, set: ofFile, ...others } = request;
  const keys = Object.keys({ ...others, ...ofFile });
  const problems = keys.map((key) => problemOf({ file: '--set', key }, notHere.vain));
  if (problems.length > 0) throw misuse(text.unusable, problems);
  return dropUndefined({ context, insecureTcp, daemonJson, wait });
}

/** Language of `--lang`, for commands that need no further configuration. */
export function languageOf(asked: string): Lang {
  if (asked === 'en' || asked === 'fr') return asked;
  throw misuse(text.noLanguage({ lang: asked }));
}
