import { listed } from '../../../../core/messages/compose.ts';
import { reasons } from '../../../../core/messages/define.ts';
import { type Problem, problemOf } from '../../../../core/model/failure/error.ts';
import { suggestName } from '../../../../core/model/nearest.ts';
import type { RunRecord } from '../../../../core/model/run/run.ts';
import type { PlanInput, PlannedService } from '../../plan/input-record.ts';
import type { Recording } from '../../recording/recording.ts';

const why = reasons('planProblem', {
  runtime: { message: "run {run} has no runtime ''{name}''" },
  todayExcluded: {
    message: 'does not include {today}, under which the services run today',
    fix: 'add {today}, or name another runtime under  today',
  },
  otherArch: {
    message: 'the recording is from {is}, and run {run} from {was}',
    fix: 'record the service on the machine of the run, or measure on that of the recording and name that run with --from',
  },
  aboveHosts: {
    message: 'is more than any host has free ({most})',
    fix: 'lower the request, or add a larger host type under  hosts',
  },
  noAmount: {
    message: 'its native use is unknown',
    fix: 'add {keys}, or a recording',
  },
  notInRun: { message: 'run {run} did not measure {workload}', fix: 'choose from: {names}' },
  whichParams: {
    message: 'run {run} measured {workload} with several parameters',
    fix: 'name one of them under  params: {names}',
  },
  noSource: {
    message: 'its CPU time under {runtime} is unknown',
    fix: 'measure it:  @(sudo move compose.yaml --to {runtime})\n  or add a workload that behaves like it, or  cpu.ratio.{runtime}',
  },
});

/** Kata is computed if it was not measured. */
const computedRuntime = 'kata';

const place = (file: string, at: number, key: string) => ({ file, key: `services.${at}.${key}` });

/** Problems for runtimes that the run lacks, in the file and the flags. */
export function runtimeProblems(
  input: PlanInput,
  file: string,
  { runId, runtimes }: RunRecord,
  asked: readonly string[] | null,
): readonly Problem[] {
  const known = [...new Set([...runtimes.map(({ entry }) => entry.name), computedRuntime])];
  const named: readonly (readonly [where: { readonly file: string; readonly key: string }, name: string])[] =
    [
      ...(asked ?? []).map((name) => [{ file: '--runtimes', key: '' }, name] as const),
      ...(input.runtimes ?? []).map((name, i) => [{ file, key: `runtimes.${i}` }, name] as const),
      ...(input.today === null ? [] : [[{ file, key: 'today' }, input.today] as const]),
      ...input.services.flatMap(({ at, runtimes: own, cpu }) => [
        ...(own ?? []).map((name, i) => [place(file, at, `runtimes.${i}`), name] as const),
        ...[...cpu.ratios.keys()].map((name) => [place(file, at, `cpu.ratio.${name}`), name] as const),
      ]),
    ];
  return named.flatMap(([where, name]) => {
    if (known.includes(name)) return [];
    return [problemOf(where, why.runtime({ run: runId, name, fix: suggestName(name, known) }))];
  });
}

/** Problems for services whose `runtimes` exclude today's runtime. */
export function todayProblems({ services }: PlanInput, file: string, today: string): readonly Problem[] {
  return services.flatMap(({ at, runtimes }) =>
    runtimes === null || runtimes.includes(today)
      ? []
      : [problemOf(place(file, at, 'runtimes'), why.todayExcluded({ today }))],
  );
}

/** Problems for requests larger than any empty host. */
export function requestProblems({ services, hosts }: PlanInput, file: string): readonly Problem[] {
  const cpus = Math.max(...hosts.map((host) => host.cpus - host.reserved.cpus));
  const bytes = Math.max(...hosts.map((host) => host.memoryBytes - host.reserved.memoryBytes));
  if (hosts.length === 0) return [];
  return services.flatMap(({ at, cpu, memory }) => [
    ...((cpu.request ?? 0) > cpus
      ? [problemOf(place(file, at, 'cpu.request'), why.aboveHosts({ most: `${Math.round(cpus * 1000)}m` }))]
      : []),
    ...((memory.request ?? 0) > bytes
      ? [
          problemOf(
            place(file, at, 'memory.request'),
            why.aboveHosts({ most: `${Math.floor(bytes / 2 ** 20)}Mi` }),
          ),
        ]
      : []),
  ]);
}

/** What a service uses on one architecture says nothing of another. */
export function recordingProblem(
  file: string,
  at: number,
  { host: of }: Recording,
  { runId, host }: RunRecord,
): readonly Problem[] {
  if (of.arch === host.arch) return [];
  return [
    problemOf(place(file, at, 'recording'), why.otherArch({ is: of.arch, was: host.arch, run: runId })),
  ];
}

/** The problem of a service without usage, recording or request. */
export function amountProblem(file: string, { at, cpu, memory }: PlannedService): Problem {
  const keys = [
    ...(cpu.usage === null && cpu.request === null ? ['cpu.usage'] : []),
    ...(memory.usage === null && memory.request === null ? ['memory.usage'] : []),
  ];
  return problemOf({ file, key: `services.${at}` }, why.noAmount({ keys: listed(keys, 'and') }));
}

/** The problem of a service whose cost under a runtime is unknown. */
export function sourceProblem(file: string, at: number, runtime: string): Problem {
  return problemOf(place(file, at, 'cpu.ratio'), why.noSource({ runtime }));
}

/** The measured parameters of a workload of the run; or the problem. */
export function measuredParams(
  file: string,
  at: number,
  { id, params }: NonNullable<PlannedService['workload']>,
  { runId, subjects }: RunRecord,
): { readonly params: string } | { readonly problem: Problem } {
  const own = [
    ...new Set(subjects.filter(({ workload }) => workload === id).map((subject) => subject.params)),
  ];
  const [only] = own;
  const found = { run: runId, workload: id };
  if (only === undefined) {
    const names = listed([...new Set(subjects.map(({ workload }) => workload))].toSorted());
    return { problem: problemOf(place(file, at, 'workload'), why.notInRun({ ...found, names })) };
  }
  if (params === null && own.length === 1) return { params: only };
  if (params !== null && own.includes(params)) return { params };
  return { problem: problemOf(place(file, at, 'params'), why.whichParams({ ...found, names: listed(own) })) };
}
