import { createHash } from 'node:crypto';
import * as z from 'zod';
import { listed } from '../messages/compose.ts';
import { messages, type Reason, reasons } from '../messages/define.ts';
import { type Problem, problemOf } from '../model/failure/error.ts';
import { maskUrls } from '../model/mask-url.ts';
import { dropUndefined, mapValues } from '../model/objects.ts';
import type { EngineRequest } from '../model/runtime/engine-kind.ts';
import type { RuntimeEntry } from '../model/runtime/runtime.ts';
import { categorySchema } from '../model/workload/metric.ts';
import { families } from '../runtimes/registry.ts';
import { parseDaemonJson } from './daemon-json.ts';
import { secretKeys } from './daemon-keys.ts';
import { rule, shortName } from './rule.ts';

/** Flags of runtimes with recorded values. Any other flag's value may be a secret, and stays out of results. */
const recordedFlags: ReadonlySet<string> = new Set(families.flatMap((family) => family.recordedFlags));

/** Options of shims with recorded values. */
const recordedOptions: ReadonlySet<string> = new Set(families.flatMap((family) => family.recordedOptions));

const unrecorded = 'not recorded';

/** Distinguish two values without revealing either: 16 bits, far too few to guess a value from. */
function placeholder(value: unknown): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex');
  return `(${unrecorded}, #${digest.slice(0, 4)})`;
}

function recordableArguments(args: readonly string[]): string[] {
  let named = false;
  return args.map((argument) => {
    const flag = /^--?([^=\s]+)(=.*)?$/s.exec(argument);
    if (flag === null) {
      const kept = named ? maskUrls(argument) : placeholder(argument);
      named = false;
      return kept;
    }
    const [, name = '', value] = flag;
    const known = recordedFlags.has(name);
    named = known && value === undefined;
    if (value === undefined) return argument;
    return known ? maskUrls(argument) : `${argument.slice(0, argument.indexOf('='))}=${placeholder(value)}`;
  });
}

/**
 * A runtime's entry for results: arguments and options that are known to affect figures are kept, and every other value
 * becomes a placeholder. The runtime is always started with the entry itself.
 */
export function recordableEntry(entry: RuntimeEntry): RuntimeEntry {
  const { runtimeArgs, options } = entry;
  return dropUndefined({
    ...entry,
    runtimeArgs: runtimeArgs && recordableArguments(runtimeArgs),
    options:
      options &&
      mapValues(options, (value, key) =>
        recordedOptions.has(key) && typeof value !== 'object' ? value : placeholder(value),
      ),
  });
}

const words = messages('engineShape', {
  directory: 'must be an absolute directory without a colon',
  env: "must be '{ NAME: ''value'' }'",
  containerd: 'must be the name of another engine, or a list of directories',
  twice: 'must not have the name of another engine: {name}',
});

const text = reasons('engineShape', {
  path: { message: 'must not set PATH', fix: 'give its directories under path' },
  unknown: {
    message: "must name another engine, but is ''{name}''",
    fix: 'use one of: {known}; or give the directories of containerd',
  },
  chain: {
    message: "must name an engine with a containerd of its own, but ''{name}'' names another",
    fix: 'name that one',
  },
  ours: { message: 'must be absent: ocibench sets it', fix: 'remove it' },
  notEmbedded: {
    message: 'is for engines that ocibench starts itself, not for a running daemon',
    fix: "leave out engine and --engine, or write  engine: ''embedded''",
  },
  duet: {
    message: 'cannot be measured in duets, which hold one engine only',
    fix: 'leave out duet',
  },
});

const directories = z.array(z.string().regex(/^\/[^:]*$/, rule(words.directory))).min(1);

/** One of several embedded engines. */
const engineShape = z.strictObject({
  /** Its name in tables and reports, such as `docker-28`. */
  name: shortName,
  /** Directories before PATH in which dockerd and its programs are searched; absent: PATH alone. */
  path: directories.optional(),
  /** Further variables of its environment, such as LD_LIBRARY_PATH; runtimes get them too. */
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/, rule(words.env)), z.string()).optional(),
  /** Further keys of its daemon.json, such as `{ 'storage-driver': 'vfs' }`. */
  daemonJson: z.record(z.string(), z.unknown()).optional(),
  /**
   * Source of containerd, its shim and the runtimes, if not `path`: the name of another engine (its programs are used) or
   * directories. The containerd process is this engine's own in either case.
   */
  containerd: z.union([shortName, directories], rule(words.containerd)).optional(),
  /**
   * true: where it does not start, its rows say why and the others are measured; else the run ends. Not for the first engine.
   */
  optional: z.boolean().optional(),
  /** Categories of the run's workloads that are measured in it; absent: all. Not for the first engine. */
  categories: z.array(categorySchema).min(1).optional(),
});
export type EngineShape = Readonly<z.infer<typeof engineShape>>;

/** The engines of a configuration. */
export const enginesShape = z
  .array(engineShape)
  .min(1)
  .superRefine((engines, context) => {
    for (const [index, { name }] of engines.entries())
      if (engines.findIndex((each) => each.name === name) < index)
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: rule(words.twice({ name })),
        });
  });

/** Keys of daemon.json that ocibench sets: they decide where an engine's files are and which runtimes it has. */
const ours: ReadonlySet<string> = new Set([
  'runtimes',
  'cgroup-parent',
  'exec-opts',
  'data-root',
  'exec-root',
  'pidfile',
  'hosts',
  'containerd',
  'containerd-namespace',
  'containerd-plugins-namespace',
]);

/** Problems of a list of engines that each match the schema. */
export function engineProblems(
  engines: readonly EngineShape[],
  { engine, duet }: { readonly engine?: string | undefined; readonly duet?: boolean | undefined },
  file: string,
): readonly Problem[] {
  if (engines.length === 0) return [];
  const found: Problem[] = [];
  const complain = (key: string, reason: Reason) =>
    found.push(problemOf({ file, key: key === '' ? 'engines' : `engines.${key}` }, reason));
  if (engine !== undefined && engine !== 'auto' && engine !== 'embedded') complain('', text.notEmbedded);
  if (duet && engines.length > 1) complain('', text.duet);
  for (const { name, env = {}, daemonJson = {}, containerd } of engines) {
    if ('PATH' in env) complain(`${name}.env.PATH`, text.path);
    if (typeof containerd === 'string') {
      const others = engines.filter((each) => each.name !== name);
      const other = others.find((each) => each.name === containerd);
      if (other === undefined)
        complain(
          `${name}.containerd`,
          text.unknown({ name: containerd, known: listed(others.map((each) => each.name)) }),
        );
      else if (typeof other.containerd === 'string')
        complain(`${name}.containerd`, text.chain({ name: containerd }));
    }
    for (const key of Object.keys(daemonJson))
      if (ours.has(key)) complain(`${name}.daemonJson.${key}`, text.ours);
    const own = Object.fromEntries(Object.entries(daemonJson).filter(([key]) => !ours.has(key)));
    const parsed = parseDaemonJson(JSON.stringify(own), file);
    if (!parsed.ok)
      found.push(
        ...parsed.problems.map((problem) => ({
          ...problem,
          key: `engines.${name}.daemonJson.${problem.key}`,
        })),
      );
  }
  return found;
}

/** The engines in the form in which they are started. */
export function askedEngines(engines: readonly EngineShape[]): readonly EngineRequest[] {
  const ownContainerd = ({ containerd, path = [] }: EngineShape) =>
    typeof containerd === 'object' ? containerd : path;
  return engines.map((engine) => {
    const { name, path = [], env = {}, daemonJson = {}, containerd, optional, categories } = engine;
    const other = engines.find((each) => each.name === containerd) ?? engine;
    return dropUndefined({
      name,
      path,
      env,
      daemonJson,
      containerd: ownContainerd(other),
      optional: optional || undefined,
      categories,
    });
  });
}

/** Variables whose values are recorded: they change the behaviour of the linker, Go's runtime or dockerd. */
const recordedVariables = /^(?:LD_LIBRARY_PATH|GODEBUG|GOGC|GOMAXPROCS|GOMEMLIMIT|DOCKER_RAMDISK|TMPDIR)$/;

/** Options of log drivers that hold no credentials, as most others may. */
const recordedLogOptions = /^(?:max-size|max-file|max-buffer-size|compress|mode|tag|labels|env|cache-.*)$/;

/** An engine for results: a value that may be secret becomes a placeholder. */
export function recordableEngine(engine: EngineRequest): EngineRequest {
  const { env, daemonJson } = engine;
  return {
    ...engine,
    env: mapValues(env, (value, name) => (recordedVariables.test(name) ? value : placeholder(value))),
    daemonJson: mapValues(daemonJson, (value, key) => {
      if (!secretKeys.has(key)) return JSON.parse(maskUrls(JSON.stringify(value)));
      if (key !== 'log-opts' || typeof value !== 'object' || value === null) return placeholder(value);
      return mapValues({ ...value }, (inner: unknown, name) =>
        recordedLogOptions.test(name) ? inner : placeholder(inner),
      );
    }),
  };
}
