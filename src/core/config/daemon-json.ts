import { listed } from '../messages/compose.ts';
import { reasons } from '../messages/define.ts';
import { type Problem, problemOf } from '../model/failure/error.ts';
import type { RuntimeEntry } from '../model/runtime/runtime.ts';
import { normaliseRuntimes, runtimeNotes, runtimeProblems, shimType } from './daemon-entry.ts';
import { type DaemonConfig, daemonConfigSchema, judgeKeys, secretKeys } from './daemon-keys.ts';
import { isObject, type JsonObject, parseJsonText } from './json-text.ts';
import { type Complaint, complaintsOf, problemsIn } from './rule.ts';
import { checkValue, describeValue } from './zod-problems.ts';

const text = reasons('daemonJson', {
  empty: { message: 'is empty', fix: "write '{}' into it, or delete the file" },
  noObject: { message: 'must hold one JSON object, but holds {value}', fix: "write '{ … }'" },
  labelTwice: {
    message: "gives ''{name}'' a different value than an earlier label",
    fix: 'keep one of the two',
  },
  unregisteredDefault: {
    message: "''{name}'' is not registered under runtimes; dockerd does not start",
    fix: 'add runtimes.{name}, or use one of: {registered}',
  },
  needsTls: {
    message: 'needs tlscert and tlskey',
    fix: 'add "tlscert" and "tlskey" (and "tlscacert" to verify clients), or remove the key',
  },
  bipWithBridge: {
    message: 'cannot be used together with bridge: an existing bridge has its own address',
    fix: 'remove bip or bridge',
  },
  iccWithoutIptables: {
    message: 'false needs iptables, which is false too',
    fix: 'set iptables or icc to true',
  },
  unknownCgroupDriver: {
    message: "native.cgroupdriver ''{driver}'' does not exist",
    fix: 'use native.cgroupdriver=systemd or native.cgroupdriver=cgroupfs',
  },
  parentNoSlice: {
    message: "''{parent}'' is not a slice, which the systemd cgroup driver needs",
    fix: 'write a name that ends in .slice',
  },
});

function execOption(config: DaemonConfig, name: string): string | null {
  const found = (config['exec-opts'] ?? []).findLast((option) => option.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
}

/** Combinations that dockerd refuses, each observed with dockerd 26.1. `registered` are the names under `runtimes`. */
function combinationProblems(config: DaemonConfig, registered: readonly string[]): readonly Complaint[] {
  const { labels = [], tls = false, tlsverify, 'cgroup-parent': parent = '' } = config;
  const nameOf = (label: string) => label.slice(0, label.indexOf('='));
  const name = config['default-runtime'] ?? '';
  const isKnown =
    ['', 'runc', ...registered].includes(name) || (shimType.test(name) && !name.startsWith('/'));
  const usesTls = tls || tlsverify !== undefined;
  const driver = execOption(config, 'native.cgroupdriver');
  const isDriver = driver === null || driver === 'cgroupfs' || driver === 'systemd';
  return complaintsOf([
    ...labels.map((label, at) => {
      const first = labels.find((other) => nameOf(other) === nameOf(label));
      return [label !== first, `labels.${at}`, text.labelTwice({ name: nameOf(label) })] as const;
    }),
    [
      !isKnown,
      'default-runtime',
      text.unregisteredDefault({ name, registered: listed(['runc', ...registered]) }),
    ],
    [usesTls && !(config.tlscert && config.tlskey), tls ? 'tls' : 'tlsverify', text.needsTls],
    [Boolean(config.bridge && config.bip), 'bip', text.bipWithBridge],
    [config.icc === false && config.iptables === false, 'icc', text.iccWithoutIptables],
    [!isDriver, 'exec-opts', text.unknownCgroupDriver({ driver: driver ?? '' })],
    [
      driver === 'systemd' && parent !== '' && !parent.endsWith('.slice'),
      'cgroup-parent',
      text.parentNoSlice({ parent }),
    ],
  ]);
}

/**
 * A usable daemon.json with its doubts (`notes`: dockerd starts, but ignores or may refuse a value), or all of its
 * errors at once.
 */
export type DaemonJson =
  | { readonly ok: true; readonly config: DaemonConfig; readonly notes: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `null` means "not set" to dockerd, at any depth. */
function withoutNulls(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

/**
 * Parse a daemon.json as dockerd 20.10 to 29 does, and report all errors at once. It is stricter than `dockerd
 * --validate` where the daemon itself fails later (runtimes, combinations). It is also stricter where a value would
 * silently be lost (a duplicate key, an empty file).
 */
export function parseDaemonJson(source: string, file: string): DaemonJson {
  if (source.replace(/^\uFEFF/, '').trim() === '')
    return { ok: false, problems: [problemOf({ file, key: '' }, text.empty)] };
  const json = parseJsonText(source, file);
  if (!json.ok) return json;
  if (!isObject(json.value))
    return {
      ok: false,
      problems: [problemOf({ file, key: '' }, text.noObject({ value: describeValue(json.value) }))],
    };
  const { runtimes: declared, ...rest } = json.value;
  const top = judgeKeys(withoutNulls(rest) as JsonObject);
  const normal = normaliseRuntimes(declared);
  const input = {
    ...top.known,
    ...(declared === undefined || declared === null ? {} : { runtimes: withoutNulls(normal.runtimes) }),
  };
  const parsed = checkValue(daemonConfigSchema, input, file, secretKeys);
  const typeProblems = parsed.ok ? [] : parsed.problems;
  // A rule checks only parts of valid types, so that no mistake is reported twice.
  const wrong = new Set(typeProblems.map((problem) => problem.key.split('.')[0]));
  const sound = Object.fromEntries(Object.entries(input).filter(([key]) => !wrong.has(key))) as DaemonConfig;
  const entries = Object.entries(isObject(input.runtimes) ? input.runtimes : {}).filter(
    (entry): entry is [string, JsonObject] =>
      isObject(entry[1]) && !typeProblems.some(({ key }) => `${key}.`.startsWith(`runtimes.${entry[0]}.`)),
  );
  const rules = [
    ...entries.flatMap(([name, entry]) => runtimeProblems(name, entry)),
    ...combinationProblems(sound, Object.keys(isObject(input.runtimes) ? input.runtimes : {})),
  ];
  const problems = [
    ...json.duplicates,
    ...problemsIn(file, top.problems),
    ...typeProblems,
    ...problemsIn(file, rules),
  ];
  if (problems.length > 0 || !parsed.ok) return { ok: false, problems };
  const doubts = entries.flatMap(([name, entry]) => runtimeNotes(name, entry));
  const notes = problemsIn(file, [...top.notes, ...normal.notes, ...doubts]);
  return { ok: true, config: parsed.data, notes };
}

/**
 * The daemon.json of the embedded engine: the runtimes and the keys in `extra`, without the host's own configuration.
 * runc is left out because dockerd has it built in and refuses the name.
 */
export function embeddedDaemonJson(entries: readonly RuntimeEntry[], extra: JsonObject): string {
  const runtimes = entries
    .filter(({ name }) => name !== 'runc')
    .map(({ name, path, runtimeArgs = [], runtimeType, options }): [string, JsonObject] => [
      name,
      { path, runtimeArgs: runtimeArgs.length === 0 ? undefined : runtimeArgs, runtimeType, options },
    ]);
  return `${JSON.stringify({ ...extra, runtimes: Object.fromEntries(runtimes) }, null, 2)}\n`;
}
