import { listed } from '../messages/compose.ts';
import { messages, type Reason, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { type Problem, problemOf } from '../model/failure/error.ts';
import { capabilities } from '../model/machine/capability.ts';
import { nearest } from '../model/nearest.ts';
import { dropUndefined, mapValues } from '../model/objects.ts';
import type { Preset } from '../model/run/run.ts';
import {
  type ContainerProfile,
  defaultProfile,
  plainProfile,
  type SeccompChoice,
} from '../model/runtime/container-profile.ts';
import { builtInProfiles } from './built-in-profiles.ts';
import type { BenchConfig } from './define-config.ts';
import { listOfProfiles, type ProfileShape, type ProfilesShape } from './profile-shape.ts';
import { parseSize } from './quantities.ts';

/**
 * Settings that a preset implies besides the amount of measuring; configuration and flags override them. `hardening`: the usual
 * measures, one by one and all together. `gvisor-flags`: commonly changed flags of runsc, each with and without. `file-access`
 * is not among them: runsc refuses `shared` together with an overlay on the root.
 */
export const presetConfig: Readonly<Partial<Record<Preset, BenchConfig>>> = {
  hardening: {
    profiles: [
      'plain',
      'seccomp=unconfined',
      'seccomp=strict',
      'no-new-privileges',
      'cap-drop=ALL',
      'read-only',
      'user',
      'tmpfs',
      'init',
      'hardened',
    ],
  },
  'gvisor-flags': {
    runtimes: {
      runc: {},
      'runsc-flags': {
        extends: 'runsc',
        matrix: {
          platform: ['systrap', 'ptrace'],
          overlay2: ['root:self', 'none'],
          directfs: [true, false],
        },
      },
    },
  },
};

const words = messages('flags', { commandLine: 'command line' });

const text = reasons('containerProfile', {
  unknown: {
    message: 'is not a profile: neither built in nor in the configuration',
    fix: 'choose from: {known}',
  },
  misspelt: {
    message: 'is not a profile: neither built in nor in the configuration',
    fix: "did you mean ''{guess}''? all of them:  @(list profiles)",
  },
  builtIn: { message: 'must not have options: this name is built in', fix: 'choose another name' },
  twice: { message: 'must not be listed twice', fix: 'remove one of them' },
  unknownCapability: {
    message: "must be Linux capabilities, but ''{name}'' is not one",
    fix: 'for the full list:  man 7 capabilities',
  },
  misspeltCapability: {
    message: "must be Linux capabilities, but ''{name}'' is not one",
    fix: "did you mean ''{guess}''?",
  },
  limits: {
    message: 'must not have a soft limit above the hard one',
    fix: 'write SOFT:HARD, the smaller one first',
  },
  duet: {
    message: 'cannot be measured in duets, which hold a runtime and its baseline only',
    fix: 'leave out duet, or name one profile',
  },
});

/** A seccomp profile of a configuration after reading, or its problems. */
export type SeccompFile =
  | { readonly ok: true; readonly choice: Exclude<SeccompChoice, 'unconfined'> }
  | { readonly ok: false; readonly reasons: readonly Reason[] };

/** Seccomp profiles by the name under which a configuration or a built-in profile refers to them. */
export type SeccompFiles = ReadonlyMap<string, SeccompFile>;

/** A profile with its name; `shape` is null for the harness's own container. */
interface NamedProfile {
  readonly name: string;
  readonly shape: ProfileShape | null;
}

/** The requested profiles: the list of `profiles`, or else that of the configuration; null where neither is given. */
interface ProfileRequest {
  readonly flag: readonly string[] | undefined;
  readonly file: ProfilesShape | undefined;
  readonly fileName: string;
  readonly duet: boolean | undefined;
}

/** Names of the seccomp profiles that these profiles need: paths, and `strict`. */
export function seccompNames({ flag, file }: Pick<ProfileRequest, 'flag' | 'file'>): readonly string[] {
  const own = listOfProfiles(file ?? []).filter((each) => typeof each !== 'string');
  const builtIn = builtInProfiles.filter(
    ({ name }) => flag?.includes(name) || listOfProfiles(file ?? []).some((each) => nameOf(each) === name),
  );
  const shapes = [...own, ...builtIn.flatMap(({ shape }) => shape ?? [])];
  const names = shapes.flatMap(({ seccomp }) => seccomp ?? []);
  return [...new Set(names)].filter((name) => name !== 'unconfined');
}

/**
 * The profiles of a run; the others are compared with the first. `plain` is put first if neither it nor `default` is requested,
 * since all measures are added to it. Empty if only `default` is requested. Reports all problems of all profiles of the
 * configuration, measured or not.
 */
export function askedProfiles(
  asked: ProfileRequest,
  seccomp: SeccompFiles,
): { readonly profiles: readonly ContainerProfile[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const complain = (file: Message | string, key: string, reason: Reason) =>
    problems.push(problemOf({ file, key }, reason));
  const list = listOfProfiles(asked.file ?? []);
  const own = new Map<string, NamedProfile>();
  const fileKey = (name: string) => `profiles.${name}`;
  for (const each of list) {
    if (typeof each === 'string') continue;
    const { name, ...shape } = each;
    if (builtInProfiles.some((builtIn) => builtIn.name === name)) {
      if (Object.keys(shape).length > 0) complain(asked.fileName, fileKey(name), text.builtIn);
      continue;
    }
    if (own.has(name)) complain(asked.fileName, fileKey(name), text.twice);
    own.set(name, { name, shape });
    for (const { key, reason } of shapeProblems(shape, seccomp))
      complain(asked.fileName, `${fileKey(name)}.${key}`, reason);
  }
  const known = new Map<string, NamedProfile>([
    ...builtInProfiles.map((each) => [each.name, each] as const),
    ...own,
  ]);
  const wanted = asked.flag ?? list.map(nameOf);
  const found = [...new Set(wanted)].flatMap((name) => {
    const one = known.get(name);
    if (one !== undefined) return one;
    const guess = nearest(name, [...known.keys()]);
    const reason =
      guess === null ? text.unknown({ known: listed([...known.keys()]) }) : text.misspelt({ guess });
    const [file, key] =
      asked.flag === undefined
        ? [asked.fileName, fileKey(name)]
        : [words.commandLine, `--set profiles=${name}`];
    complain(file, key, reason);
    return [];
  });
  if (asked.duet && found.length > 1)
    complain(asked.flag === undefined ? asked.fileName : words.commandLine, 'profiles', text.duet);
  if (problems.length > 0 || found.length === 0) return { profiles: [], problems };
  const hasReference = found.some(({ name }) => name === defaultProfile || name === plainProfile);
  const whole = hasReference ? found : [{ name: plainProfile, shape: {} }, ...found];
  if (whole.length === 1 && whole[0]?.name === defaultProfile) return { profiles: [], problems };
  return { profiles: whole.map((each) => recordable(each, seccomp)), problems };
}

function nameOf(each: string | { readonly name: string }): string {
  return typeof each === 'string' ? each : each.name;
}

const knownCapabilities: readonly string[] = ['ALL', ...capabilities];

/** Problems of a profile that its schema does not find. */
function shapeProblems(
  { seccomp: file, capDrop = [], capAdd = [], ulimits = {} }: ProfileShape,
  seccomp: SeccompFiles,
): readonly { readonly key: string; readonly reason: Reason }[] {
  const read = file === undefined ? undefined : seccomp.get(file);
  const unknown = (key: string, names: readonly string[]) =>
    names
      .filter((name) => !knownCapabilities.includes(plainCapability(name)))
      .map((name) => {
        const guess = nearest(plainCapability(name), knownCapabilities);
        const reason =
          guess === null ? text.unknownCapability({ name }) : text.misspeltCapability({ name, guess });
        return { key, reason };
      });
  return [
    ...(read?.ok === false ? read.reasons.map((reason) => ({ key: 'seccomp', reason })) : []),
    ...unknown('capDrop', capDrop),
    ...unknown('capAdd', capAdd),
    ...Object.entries(ulimits).flatMap(([name, limit]) => {
      const { soft, hard } = limitsOf(limit);
      return hard === -1 || (soft !== -1 && soft <= hard)
        ? []
        : [{ key: `ulimits.${name}`, reason: text.limits }];
    }),
  ];
}

/** `cap_net_raw` → `NET_RAW`. */
function plainCapability(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, '');
}

function limitsOf(limit: number | string): { readonly soft: number; readonly hard: number } {
  const [soft = 0, hard = soft] = String(limit).split(':').map(Number);
  return { soft, hard };
}

/** Parses a size; `unlimited` stays. */
function limitOrSize(size: string): number | 'unlimited' {
  return size === 'unlimited' ? size : (parseSize(size) ?? 0);
}

/** A profile as recorded in run.json. Options that are switched off equal Docker's default and are omitted. */
function recordable({ name, shape }: NamedProfile, seccomp: SeccompFiles): ContainerProfile {
  const { seccomp: file, user, memory, ulimits, tmpfs, capDrop, capAdd, ...others } = shape ?? {};
  const read = file === undefined ? undefined : seccomp.get(file);
  const { noNewPrivileges, readonlyRootfs, init, ...plain } = others;
  return dropUndefined({
    name,
    seccomp: file === 'unconfined' ? (file as 'unconfined') : read?.ok ? read.choice : undefined,
    capDrop: capDrop?.map(plainCapability),
    capAdd: capAdd?.map(plainCapability),
    noNewPrivileges: noNewPrivileges || undefined,
    readonlyRootfs: readonlyRootfs || undefined,
    user: user === undefined ? undefined : String(user),
    memoryBytes: memory === undefined ? undefined : limitOrSize(memory),
    ulimits: ulimits && mapValues(ulimits, limitsOf),
    init: init || undefined,
    tmpfs: tmpfs && mapValues(tmpfs, (size) => parseSize(size) ?? 0),
    ...plain,
  });
}
