import type { RunRecord } from '../core/model/run/run.ts';
import { families } from '../core/runtimes/registry.ts';

/** Replacements of names, addresses and paths that were removed. */
const withheld = { name: '[name]', address: '[address]', path: '[path]' } as const;

/**
 * Keys whose texts stay: ocibench's own words, and names that identify entries. Runtimes, workloads and their
 * parameters keep their user-given names, because a report is about them.
 */
const structural = new Set(
  (
    'runId trialId runtime runtimes name workload workloads baseline profile layer category metric unit better verdict ' +
    'without status kind id code step phase class platform network family origin transport hidden cgroup cgroupVersion ' +
    'cgroupDriver preset lang engine role startedAt finishedAt sha256 contentHash recipeHash configHash image recipe ' +
    'harnessVersion stopReason controllers arch clocksource governor outcome on by are'
  ).split(' '),
);

/** Addresses of documentation that ocibench itself writes. */
const documentation = /^https:\/\/(?:gvisor\.dev|docs\.docker\.com|github\.com|katacontainers\.io)(?:\/|$)/;

/** Paths that are the same on every Linux host and in every container. */
const everywhere =
  /^(?:\/|(?:\/proc|\/sys|\/dev)(?:\/[a-z_]+)?|\/proc(?:\/[a-z_]+)+|\/dev\/(?:pts|net\/tun|vhost-(?:net|vsock))|\/sys\/fs\/cgroup(?:\/unified)?|\/etc\/(?:resolv\.conf|hostname|hosts|docker\/daemon\.json))$/;

/**
 * Host names that are too common to identify anybody. Removing them would leave gaps in sentences, and in what tools print:
 * stress-ng has a method `vm`, whose figures would be lost with its name.
 */
const common = new Set([
  ...'root localhost localdomain linux debian ubuntu fedora alpine docker lab user admin host vm guest'.split(
    ' ',
  ),
  ...'server node worker desktop laptop test'.split(' '),
  ...families.map(({ id }) => id),
]);

const urlOrPath = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>()]*|(?<![\w./\]])~?\/[^\s"'`<>|;,:()=[\]{}]*/gi;
const ipv4 = /(?<![\w.])(?!127\.)\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])/g;
const ipv6 =
  /(?<![\w:])\[?(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|[0-9a-f:]*::[0-9a-f:]+)\]?(?::\d+)?(?![\w:])/gi;
const mac = /(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])/gi;
/** An e-mail address; an instance of a unit of systemd has the same form. */
const mail =
  /[\p{L}\p{N}._%+-]+@(?:[\p{L}\p{N}-]+\.)+(?!(?:service|socket|slice|scope|mount|target|timer|device)(?![\p{L}\p{N}.-]))\p{L}{2,}/gu;
/** A host after a removed user name. */
const afterName = /(?<=\[name\]@)[\p{L}\p{N}][\p{L}\p{N}.-]*/gu;
/** Home directories, which contain users' names. */
const home = /(?:\/home|\/Users|\/export\/home|\/var\/home)\/([^\s/"'`:;,()]+)/g;

/** Keys of raw container output, which no report shows. */
const raw = new Set(['output', 'outputs']);

/** Keys of records whose paths are compared with each other: only names in them are removed. */
const compared = new Set(['cgroups', 'cpuCgroup', 'source']);

/**
 * How a text is treated, by its key: `kept` unchanged; `compared`: names removed; `free`: names, addresses and paths removed.
 */
type Kind = 'free' | 'kept' | 'compared';

function kindOf(key: string, isRecord: boolean): Kind {
  if (structural.has(key)) return 'kept';
  return isRecord && compared.has(key) ? 'compared' : 'free';
}

/** All texts in a value except those of structural keys. */
function* textsIn(value: unknown, kept = false): Generator<string> {
  if (typeof value === 'string') {
    if (!kept) yield value;
  } else if (Array.isArray(value)) for (const item of value) yield* textsIn(item, kept);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value))
      if (!raw.has(key)) yield* textsIn(inner, structural.has(key));
}

/** Names of the host and of people in a run, and the given ones; longest first. */
function namesOf(run: RunRecord, texts: Iterable<string>, given: readonly string[]): readonly string[] {
  const { hostname } = run.host;
  const names = new Set([
    ...given,
    hostname,
    hostname.split('.')[0] ?? '',
    hostname.split('.').slice(1).join('.'),
  ]);
  const { host = '', user = '' } =
    /:\/\/(?:(?<user>[^@/:]+)[^@/]*@)?(?<host>\[[^\]]*\]|[^/:]+)/.exec(run.engine.endpoint)?.groups ?? {};
  names.add(host).add(user);
  for (const text of texts) for (const [, person = ''] of text.matchAll(home)) names.add(person);
  return [...names]
    .filter((name) => name !== '' && !common.has(name.toLowerCase()))
    .toSorted((a, b) => b.length - a.length);
}

/** Removes names, addresses and paths from a text; from a `compared` one, only names. */
type Scrub = (text: string, kind: Kind) => string;

function scrubber(names: readonly string[]): Scrub {
  const literal = names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  const named =
    literal === '' ? null : new RegExp(`(?<![\\p{L}\\p{N}])(?:${literal})(?![\\p{L}\\p{N}])`, 'giu');
  const withoutNames = (text: string) => (named === null ? text : text.replace(named, withheld.name));
  return (text, kind) => {
    if (kind === 'kept') return text;
    if (kind === 'compared') return withoutNames(text);
    const plain = text
      .replace(urlOrPath, (found) => {
        if (found.includes('://')) return documentation.test(found) ? found : withheld.address;
        const bare = found.replace(/[.!?]+$/, '');
        return everywhere.test(bare) ? found : `${withheld.path}${found.slice(bare.length)}`;
      })
      .replace(mail, withheld.address)
      .replace(ipv4, withheld.address)
      .replace(ipv6, withheld.address)
      .replace(mac, withheld.address);
    return withoutNames(plain).replace(afterName, withheld.address);
  };
}

/** Rules of rewriting: records keep container output, the input of reports drops it. */
interface RewriteRules {
  readonly scrub: Scrub;
  readonly isRecord: boolean;
}

/** Rewrites every text of {@link textsIn} in a value. */
function mapTexts(value: unknown, how: RewriteRules, kind: Kind = 'free'): unknown {
  const { scrub, isRecord } = how;
  if (typeof value === 'string') return scrub(value, kind);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, how, kind));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isRecord || !raw.has(key))
      .map(([key, inner]) => [key, mapTexts(inner, how, kindOf(key, isRecord))]),
  );
}

/** Pseudonym of a host in published records: a stable id if the record had one, and a name derived from it. */
export interface PublishedHost {
  readonly id?: string;
  readonly hostname: string;
}

/**
 * Returns the input of reports and charts without names of the host and of people, addresses and absolute paths, also
 * in texts of engines and tools. Labels are removed completely. `names`: further names to remove, such as the user's.
 * Times, hardware, versions, digests, and the names of runtimes, workloads and their parameters stay.
 */
export function anonymous<T extends { readonly run: RunRecord }>(input: T, names: readonly string[]): T {
  return rewritten(input, names, { hostname: withheld.name }, false);
}

/**
 * Removes the same from raw records, but keeps container output (without names, addresses and paths), from which figures are
 * computed. Every host gets the pseudonym `host`.
 */
export function anonymousRecords<T extends { readonly run: RunRecord }>(
  input: T,
  names: readonly string[],
  host: PublishedHost,
): T {
  return rewritten(input, names, host, true);
}

function rewritten<T extends { readonly run: RunRecord }>(
  input: T,
  names: readonly string[],
  host: PublishedHost,
  isRecord: boolean,
): T {
  const { run } = input;
  const how = { scrub: scrubber(namesOf(run, textsIn(input), names)), isRecord };
  const { id: _, ...facts } = run.host;
  const bare = {
    ...input,
    run: {
      ...run,
      config: { ...run.config, labels: {} },
      host: { ...facts, hostname: withheld.name },
      engine: { ...run.engine, endpoint: withheld.address },
      ...(run.engines === undefined
        ? {}
        : {
            engines: run.engines.map((engine) => ({
              ...engine,
              facts: { ...engine.facts, endpoint: withheld.address },
            })),
          }),
      runtimes: run.runtimes.map((runtime) => ({
        ...runtime,
        entry: withoutDirectory(runtime.entry),
      })),
      // The name of an image without a recipe of ocibench contains its registry.
      images: run.images.map((image) => ({
        ...image,
        recipe: image.recipe.includes('/') ? withheld.address : image.recipe,
        reference: withheld.address,
      })),
    },
  };
  const plain = mapTexts(bare, how) as T;
  return { ...plain, run: { ...plain.run, host: { ...plain.run.host, ...host } } };
}

/** The program's file name identifies the runtime; its directory does not. */
function withoutDirectory(entry: RunRecord['runtimes'][number]['entry']): typeof entry {
  return entry.path === undefined
    ? entry
    : { ...entry, path: entry.path.slice(entry.path.lastIndexOf('/') + 1) };
}
