import { listed } from '../messages/compose.ts';
import { reasons } from '../messages/define.ts';
import { type Problem, problemOf } from '../model/failure/error.ts';
import type { RuntimeEntry } from '../model/runtime/runtime.ts';
import { normaliseRuntimes, runtimeNotes, runtimeProblems, shimType } from './daemon-entry.ts';
import { type DaemonConfig, daemonConfigSchema, judgeKeys, secretKeys } from './daemon-keys.ts';
import { isObject, type JsonObject, parseJsonText } from './json-text.ts';
import { type Complaint, problemsIn } from './rule.ts';
import { checkValue, describeValue } from './zod-problems.ts';

const daemonRulesText = reasons('daemonJson', {
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

function labelConflicts(labels: readonly string[]): readonly Complaint[] {
  const first = new Map<string, string>();
  return labels.flatMap((label, i) => {
    const name = label.slice(0, label.indexOf('='));
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, label);
    return earlier === undefined || earlier === label
      ? []
      : [
          {
            key: `labels.${i}`,
            reason: daemonRulesText.labelTwice({ name }),
          },
        ];
  });
}

/** Combinations that dockerd refuses, each observed with dockerd 26.1. `registered` are the names under `runtimes`. */
function combinationProblems(config: DaemonConfig, registered: readonly string[]): readonly Complaint[] {
  const found: Complaint[] = [...labelConflicts(config.labels ?? [])];
  const name = config['default-runtime'] ?? '';
  const known = name === '' || name === 'runc' || registered.includes(name);
  if (!known && !(shimType.test(name) && !name.startsWith('/')))
    found.push({
      key: 'default-runtime',
      reason: daemonRulesText.unregisteredDefault({ name, registered: listed(['runc', ...registered]) }),
    });
  const usesTls = config.tls === true || config.tlsverify !== undefined;
  if (usesTls && !(config.tlscert && config.tlskey))
    found.push({
      key: config.tls === true ? 'tls' : 'tlsverify',
      reason: daemonRulesText.needsTls,
    });
  if (config.bridge && config.bip)
    found.push({
      key: 'bip',
      reason: daemonRulesText.bipWithBridge,
    });
  if (config.icc === false && config.iptables === false)
    found.push({
      key: 'icc',
      reason: daemonRulesText.iccWithoutIptables,
    });
  const driver = execOption(config, 'native.cgroupdriver');
  if (driver !== null && !['cgroupfs', 'systemd'].includes(driver))
    found.push({
      key: 'exec-opts',
      reason: daemonRulesText.unknownCgroupDriver({ driver }),
    });
  if (driver === 'systemd' && config['cgroup-parent'] && !config['cgroup-parent'].endsWith('.slice'))
    found.push({
      key: 'cgroup-parent',
      reason: daemonRulesText.parentNoSlice({ parent: config['cgroup-parent'] }),
    });
  return found;
}

const text = reasons('daemonJson', {
  empty: { message: 'is empty', fix: "write '{}' into it, or delete the file" },
  noObject: { message: 'must hold one JSON object, but holds {value}', fix: "write '{ … }'" },
});

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
    .filter((entry) => entry.name !== 'runc')
    .map(({ name, path, runtimeArgs, runtimeType, options }): [string, JsonObject] => [
      name,
      {
        ...(path === undefined ? {} : { path }),
        ...(runtimeArgs === undefined || runtimeArgs.length === 0 ? {} : { runtimeArgs }),
        ...(runtimeType === undefined ? {} : { runtimeType }),
        ...(options === undefined ? {} : { options }),
      },
    ]);
  return `${JSON.stringify({ ...extra, runtimes: Object.fromEntries(runtimes) }, null, 2)}\n`;
}
