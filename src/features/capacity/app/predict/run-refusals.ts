import { listed } from '../../../../core/messages/compose.ts';
import { type Reason, reasons } from '../../../../core/messages/define.ts';
import { type Problem, problemOf } from '../../../../core/model/error.ts';
import { nearest } from '../../../../core/model/nearest.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { familyOf, familyOfEntry } from '../../../../core/runtimes/registry.ts';
import { nativeRuntime } from '../../overhead/overhead.ts';
import type { Application } from '../../predict/applications.ts';
import { neededWorkloads } from '../../predict/costs.ts';
import { leastApplications } from '../../predict/predict.ts';
import type { Recording } from '../../recording/recording.ts';
import { hostProblems } from './host-refusals.ts';

const why = reasons('predict', {
  notNative: {
    message: 'is {runtime}, so the host did not see the program’s own calls',
    fix: 'record it under a runtime with the host’s kernel, such as runc',
  },
  noCpu: {
    message: 'missing, so there is nothing to predict from',
    fix: 'record it again, for longer, with CPU accounting (cgroup controller cpu)',
  },
  workload: {
    message: 'not measured',
    fix: 'measure everything that is needed:  @(sudo capacity measure)',
  },
  fewApplications: {
    message: '{n} were measured natively and recorded, but a model needs {needed}',
    fix: 'measure and record everything that is needed:  @(sudo capacity measure)\n  or record the applications that it measured:  @(capacity record --run {run})',
  },
  noNative: {
    message: 'none of the measured runtimes shares the host’s kernel, as runc does',
    fix: 'measure with such a runtime:  @(sudo capacity measure)',
  },
  otherRuntime: { message: 'the run has no such runtime', fix: 'choose from: {names}' },
  misspeltRuntime: {
    message: 'the run has no such runtime',
    fix: "did you mean ''{guess}''? it has: {names}",
  },
  nativeAsked: {
    message: 'is the native runtime, with which the others are compared',
    fix: 'choose from: {names}',
  },
});

/** Problems of using a recording with a run; `run` is null if it could not be read. */
export function recordingProblems(
  { file, recording }: { readonly file: string; readonly recording: Recording },
  run: RunRecord | null,
): readonly Problem[] {
  const problem = (key: string, reason: Reason) => problemOf({ file, key }, reason);
  const runtime = recording.target.runtime;
  return [
    ...(run === null ? [] : hostProblems(file, recording.host, run)),
    ...(runtime === null || isNative(runtime, run)
      ? []
      : [problem('target.runtime', why.notNative({ runtime }))]),
    ...['cpu.usage', 'cpu.user', 'cpu.system'].flatMap((id) => {
      const figure = recording.figures[id];
      return figure !== undefined && 'value' in figure && figure.value >= 0
        ? []
        : [problem(`figures.${id}`, why.noCpu)];
    }),
  ];
}

/** Do containers of this runtime use the host's kernel? Known for the run's runtimes; for others, judged by the name. */
function isNative(name: string, run: RunRecord | null): boolean {
  const known = run?.runtimes.find(({ entry }) => entry.name === name);
  const family = known === undefined ? familyOfEntry({ name, origin: 'PATH' }) : familyOf(known.family);
  return family.kernel === 'host';
}

/** Problems of a run that lacks data for predictions. */
export function runProblems(run: RunRecord, applications: readonly Application[]): readonly Problem[] {
  const problem = (key: string, reason: Reason) => problemOf({ file: run.runId, key }, reason);
  const measured = new Set(run.subjects.map(({ workload }) => workload));
  const missing = neededWorkloads.filter((workload) => !measured.has(workload));
  const n = new Set(applications.map(({ workload }) => workload)).size;
  return [
    ...(nativeRuntime(run) === null ? [problem('runtimes', why.noNative)] : []),
    ...missing.map((workload) => problem(workload, why.workload)),
    ...(n < leastApplications
      ? [
          problem(
            'app/',
            why.fewApplications({
              n,
              needed: leastApplications,
              run: run.runId,
            }),
          ),
        ]
      : []),
  ];
}

/** Problems for requested runtimes that cannot be predicted. */
export function runtimeProblems(
  { runId, runtimes }: RunRecord,
  native: string | null,
  wanted: readonly string[],
): readonly Problem[] {
  const known = runtimes.map(({ entry }) => entry.name).filter((name) => name !== native);
  const names = listed(known);
  return wanted.flatMap((name) => {
    if (known.includes(name)) return [];
    const guess = nearest(name, known);
    const reason =
      name === native
        ? why.nativeAsked({ names })
        : guess === null
          ? why.otherRuntime({ names })
          : why.misspeltRuntime({ guess, names });
    return [problemOf({ file: runId, key: `runtimes.${name}` }, reason)];
  });
}
