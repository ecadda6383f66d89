import { type DaemonFlags, EngineError } from '../../../app/measure/engines.ts';
import { detectCgroupLayout } from '../../../core/collect/cgroup/layout.ts';
import { makeCgroups } from '../../../core/collect/cgroup/make.ts';
import { runCgroup } from '../../../core/collect/cgroup/names.ts';
import { parseDuration, parseSize } from '../../../core/config/quantities.ts';
import { findProgram } from '../../../core/files/programs.ts';
import { listed } from '../../../core/messages/compose.ts';
import { messages, notices } from '../../../core/messages/define.ts';
import { exitCodes, misuse, OcibenchError, type Problem, problemOf } from '../../../core/model/error.ts';
import { targetProblem } from './problem.ts';
import type { TracerKind } from './recording.ts';
import { commandTarget, JoinError } from './watch/command.ts';
import { containerTarget, watchHere } from './watch/container.ts';
import { imageTarget } from './watch/image.ts';
import {
  type Cgroups,
  foreignTarget,
  hierarchyOf,
  sandboxAmong,
  seesRootCgroup,
  type Target,
  watchedCgroup,
} from './watch/target.ts';
import { targetReasons } from './words.ts';

const text = notices('recording', {
  misused: 'these options cannot be used together',
  engine: 'the engine refused: {said}',
  noCgroups: 'the cgroups of this host cannot be used: {why}',
});

const words = messages('recording', {
  duration: 'a duration such as 30s or 5m',
  size: 'a size such as 512M',
  power: '0, or a power of two from 1 to 65536',
  notMounted: 'no cgroup hierarchy with CPU accounting is mounted below /sys/fs/cgroup',
  namespace: 'ocibench runs in a cgroup namespace; run it on the host',
});

/** Flags of `ocibench capacity record`, as typed. */
export interface RecordFlags extends DaemonFlags {
  readonly container?: string;
  readonly cgroup?: string;
  readonly image?: string;
  readonly for?: string;
  readonly tracer?: TracerKind;
  readonly timeOneOf?: string;
  readonly memory?: string;
  readonly network?: 'bridge' | 'none';
  /** A stored run, whose workloads are recorded. */
  readonly run?: string;
  readonly workloads?: string;
  readonly config?: string;
  readonly daemonJson?: string;
  /** With `--run`: where runs are read. */
  readonly in?: string;
  /** Without it: where the recording is written. */
  readonly out?: string;
  readonly json?: boolean;
  readonly wait?: boolean;
}

/** Request for a recording, checked without access to the host. */
export interface RecordRequest {
  readonly kind: 'command' | 'container' | 'cgroup' | 'image';
  readonly name: string;
  readonly command: readonly string[];
  /** Length of the window, ms; null: until the target ends. */
  readonly forMs: number | null;
  readonly timedOneOf: number;
  readonly memoryBytes: number | null;
}

/** Default window for targets that the recording did not start, ms. */
const defaultForMs = 30_000;
const defaultTimedOneOf = 32;

/** Checks flags and command. OcibenchError (exit 2) with every problem. */
export async function recordRequest(flags: RecordFlags, command: readonly string[]): Promise<RecordRequest> {
  const problems: Problem[] = [];
  const { container, cgroup, image } = flags;
  const named = Object.entries({ container, cgroup, image }).flatMap(([kind, name]) =>
    name === undefined ? [] : [{ kind: kind as 'container' | 'cgroup' | 'image', name }],
  );
  const parsed = <T>(
    option: string,
    given: string | undefined,
    parse: (value: string) => T | null,
    rule: (typeof words)[keyof typeof words],
  ): T | null => {
    if (given === undefined) return null;
    const value = parse(given);
    if (value === null)
      problems.push(problemOf({ file: option, key: '' }, targetReasons.badNumber({ value: given, rule })));
    return value;
  };
  const forMs = parsed('--for', flags.for, parseDuration, words.duration);
  const timedOneOf = parsed('--time-one-of', flags.timeOneOf, powerOfTwo, words.power);
  const memoryBytes = parsed('--memory', flags.memory, parseSize, words.size);
  for (const [option, value] of Object.entries(onlyWithRun(flags)))
    if (value !== undefined) problems.push(problemOf({ file: option, key: '' }, targetReasons.withoutRun));
  const [target, ...others] = named;
  if (target === undefined && command.length === 0)
    problems.push(problemOf({ file: 'capacity record', key: '' }, targetReasons.none));
  if (others.length > 0) {
    const targets = listed(named.map(({ kind }) => `--${kind}`));
    problems.push(problemOf({ file: 'capacity record', key: '' }, targetReasons.several({ targets })));
  }
  if (target !== undefined && target.kind !== 'image' && command.length > 0)
    problems.push(problemOf({ file: `--${target.kind}`, key: '' }, targetReasons.commandBeside));
  const [program = ''] = command;
  if (target === undefined && command.length > 0 && (await findProgram(program)) === null)
    problems.push(problemOf({ file: '--', key: '' }, targetReasons.noProgram({ program })));
  if (problems.length > 0) throw misuse(text.misused, problems);
  const isOthers = target?.kind === 'container' || target?.kind === 'cgroup';
  return {
    ...(target ?? { kind: 'command', name: command.join(' ') }),
    command,
    forMs: forMs ?? (isOthers ? defaultForMs : null),
    timedOneOf: timedOneOf ?? defaultTimedOneOf,
    memoryBytes,
  };
}

const onlyWithRun = ({ workloads, config, daemonJson, in: place }: RecordFlags) => ({
  '--in': place,
  '--workloads': workloads,
  '--config': config,
  '--set daemonJson': daemonJson,
});

/** Request for recordings of a run's workloads. */
export interface RunRecordRequest {
  readonly run: string;
  /** Workloads or categories; null: all that stamp their work. */
  readonly wanted: readonly string[] | null;
  readonly timedOneOf: number;
}

/** Checks the flags of `--run`. OcibenchError (exit 2) with every problem. */
export function runRecordRequest(flags: RecordFlags, command: readonly string[]): RunRecordRequest {
  const problems: Problem[] = [];
  const beside = {
    '--container': flags.container,
    '--cgroup': flags.cgroup,
    '--image': flags.image,
    '--for': flags.for,
    '--memory': flags.memory,
    '--network': flags.network,
    '--out': flags.out,
    '--': command[0],
  };
  for (const [option, value] of Object.entries(beside))
    if (value !== undefined) problems.push(problemOf({ file: option, key: '' }, targetReasons.besideRun));
  const { run = '', workloads, tracer = 'bpftrace', timeOneOf = `${defaultTimedOneOf}` } = flags;
  if (tracer !== 'bpftrace')
    problems.push(problemOf({ file: '--tracer', key: tracer }, targetReasons.runNeedsBpftrace));
  const timedOneOf = powerOfTwo(timeOneOf);
  if (timedOneOf === null) {
    const reason = targetReasons.badNumber({ value: timeOneOf, rule: words.power });
    problems.push(problemOf({ file: '--time-one-of', key: '' }, reason));
  }
  if (problems.length > 0 || timedOneOf === null) throw misuse(text.misused, problems);
  const wanted = workloads?.split(',').map((name) => name.trim()) ?? null;
  return { run, wanted, timedOneOf };
}

function powerOfTwo(given: string): number | null {
  const value = /^\d{1,5}$/.test(given) ? Number(given) : 0;
  const isPower = value >= 1 && value <= 65_536 && Number.isInteger(Math.log2(value));
  return given === '0' || isPower ? value : null;
}

/** The cgroups of this host. OcibenchError (exit 3) if they cannot be used. */
export function cgroupsHere(): Cgroups {
  const layout = detectCgroupLayout();
  const hierarchy = hierarchyOf(layout);
  const why = hierarchy === null ? words.notMounted : seesRootCgroup() ? null : words.namespace;
  if (hierarchy === null || why !== null)
    throw new OcibenchError(text.noCgroups({ why: why ?? words.notMounted }), {
      exitCode: exitCodes.noEngine,
    });
  return { layout, hierarchy };
}

/** Makes an empty cgroup for this recording. OcibenchError (exit 3) if that fails. */
export function ownCgroup({ layout, hierarchy }: Cgroups, runId: string, name: string) {
  const path = `${runCgroup('cgroupfs', runId)}/${name}`;
  const problems = makeCgroups(layout, path, false);
  const cgroup = watchedCgroup(hierarchy, path);
  if (cgroup === null)
    throw new OcibenchError(text.noCgroups({ why: problems.join('; ') }), { exitCode: exitCodes.noEngine });
  return { path, cgroup };
}

/** Finds the target, or starts one that waits. OcibenchError: exit 2 if there is none, 3 if it cannot be started. */
export async function openTarget(
  request: RecordRequest,
  flags: RecordFlags,
  { cgroups, runId }: { readonly cgroups: Cgroups; readonly runId: string },
): Promise<Target> {
  const { kind, name, command, memoryBytes } = request;
  try {
    switch (kind) {
      case 'command':
        return await commandTarget(command, {
          ...cgroups,
          ...ownCgroup(cgroups, runId, 'command'),
          outputAside: flags.json ?? false,
        });
      case 'container':
        return await containerTarget(name, flags, cgroups);
      case 'cgroup':
        return cgroupTarget(name, cgroups);
      case 'image': {
        const watching = await watchHere(flags);
        const { network = 'bridge' } = flags;
        return await imageTarget({ image: name, command, memoryBytes, network, runId }, watching, cgroups);
      }
    }
  } catch (error) {
    if (error instanceof EngineError)
      throw new OcibenchError(text.engine({ said: error.said }), {
        exitCode: exitCodes.noEngine,
        cause: error,
      });
    if (!(error instanceof JoinError)) throw error;
    throw new OcibenchError(text.noCgroups({ why: error.message }), { exitCode: exitCodes.noEngine });
  }
}

/** A cgroup by its path: relative to the root, or as a directory of /sys/fs/cgroup. */
function cgroupTarget(name: string, cgroups: Cgroups): Target {
  const { mount } = cgroups.hierarchy;
  const inMount = cgroups.layout.mounts.find((each) => name === each || name.startsWith(`${each}/`));
  const path = (inMount === undefined ? name : name.slice(inMount.length)).replace(/^\/+|\/+$/g, '');
  const parts = path.split('/');
  const refuse = (reason: Parameters<typeof targetProblem>[1]) => targetProblem('--cgroup', reason);
  if (path === '') throw refuse(targetReasons.rootCgroup);
  if (parts.some((part) => ['', '.', '..'].includes(part)) || path.includes('\0'))
    throw refuse(targetReasons.badCgroup({ path: name }));
  const target = foreignTarget(cgroups, path, { kind: 'cgroup', name, runtime: null });
  if (target === null)
    throw refuse(targetReasons.noCgroup({ path: `/${path}`, directory: `${mount}/${path}` }));
  const product = sandboxAmong(target.watched.pids());
  if (product !== null) throw refuse(targetReasons.otherKernel({ name, runtime: product }));
  return target;
}
