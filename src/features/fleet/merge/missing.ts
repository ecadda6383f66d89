import type { Message } from '../../../core/messages/message.ts';
import { recalled, recorded } from '../../../core/messages/record.ts';
import { translateRef } from '../../../core/messages/translate.ts';
import { type RunRecord, unsupportedReasons } from '../../../core/model/run/run.ts';
import type { Cell } from '../../../core/model/trial/cell.ts';
import type { FleetAnalysis } from './fleet-analysis.ts';
import type { FleetMissing } from './fleet-record.ts';

/** What one run could not run, and why. */
export interface RunMissing {
  readonly kind: FleetMissing['kind'];
  readonly runtime: string | null;
  /** Workload with its parameters; null where it is all. */
  readonly workload: string | null;
  readonly code: string;
  readonly reason: Message;
  readonly fix: Message | null;
}

/** What a run could not run, with who lacks it: a host of the fleet, or else the name of what was handed in. */
export interface Lacking {
  readonly what: RunMissing;
  readonly who: number | string;
}

/** Everything that a run could not run: runtimes, workloads of a runtime, and cells whose trials all failed. */
export function missingOf(
  { runtimes, subjects }: Pick<RunRecord, 'runtimes' | 'subjects'>,
  rows: FleetAnalysis['rows'],
): readonly RunMissing[] {
  const unable = runtimes.flatMap(({ entry, preflight }) =>
    preflight.status === 'unavailable' ? [{ runtime: entry.name, preflight }] : [],
  );
  const lost = new Set(unable.map(({ runtime }) => runtime));
  const known = new Set(runtimes.map(({ entry }) => entry.name));
  return [
    ...unable.map(
      ({ runtime, preflight }): RunMissing => ({
        kind: 'runtime',
        runtime,
        workload: null,
        code: preflight.code,
        reason: recalled(preflight, 'reason'),
        fix: preflight.fix === '' ? null : recalled(preflight, 'fix'),
      }),
    ),
    ...subjects.flatMap((subject) =>
      unsupportedReasons(subject)
        .filter(({ runtime }) => known.has(runtime) && !lost.has(runtime))
        .map(({ runtime, reason }) => lackOf('workload', { ...subject, runtime }, reason)),
    ),
    ...rows
      .filter(
        ({ n, failures, headline, runtime }) => headline && n === 0 && failures > 0 && !lost.has(runtime),
      )
      .map((row) => lackOf('trials', row, withoutCounts(recalled(row, 'note')))),
  ];
}

function lackOf(
  kind: RunMissing['kind'],
  { runtime, workload, params }: Pick<Cell, 'runtime' | 'workload' | 'params'>,
  reason: Message,
): RunMissing {
  const parts = [workload, params.replaceAll(';', ', ')].filter((part) => part !== '');
  return { kind, runtime, workload: parts.join(' '), code: reason.id, reason, fix: null };
}

/** The reason in `3 of 10 trials failed; most often …`, so that hosts with other counts are in one group. */
function withoutCounts(note: Message): Message {
  const why = note.id === 'outcome.trialsFailed' ? note.values?.why : undefined;
  if (typeof why !== 'object' || !('id' in why)) return note;
  const text = translateRef(why, 'en');
  return text === null ? note : { ...why, text };
}

const kinds: readonly FleetMissing['kind'][] = ['run', 'runtime', 'trials', 'workload'];

/**
 * Groups what is lacking by what, reason and fix; no run at all first, and of a kind, what concerns most. Runtimes that the same
 * lack are one group.
 */
export function missingGroups(all: readonly Lacking[]): readonly FleetMissing[] {
  const groups = [...Map.groupBy(all, ({ what }) => keyOf(what)).values()].flatMap((own): FleetMissing[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { kind, runtime, code, reason, fix } = first.what;
    const workloads = new Set(own.flatMap(({ what }) => what.workload ?? []));
    const whose = new Set(own.map(({ who }) => who));
    return [
      {
        kind,
        runtimes: runtime === null ? [] : [runtime],
        code,
        workloads: [...workloads].toSorted(),
        ...recorded(fix === null ? { reason } : { reason, fix }),
        hosts: [...whose].filter((who) => typeof who === 'number').toSorted((a, b) => a - b),
        others: [...whose].filter((who) => typeof who === 'string').toSorted(),
      },
    ];
  });
  const alike = Map.groupBy(groups, ({ kind, reason, fix, workloads, hosts, others }) =>
    JSON.stringify([kind, reason, fix, workloads, hosts, others]),
  );
  const n = ({ hosts, others }: FleetMissing) => hosts.length + others.length;
  return [...alike.values()]
    .flatMap((own) => {
      const [first] = own;
      return first === undefined ? [] : [{ ...first, runtimes: own.flatMap(({ runtimes }) => runtimes) }];
    })
    .toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || n(b) - n(a));
}

function keyOf({ kind, runtime, code, reason, fix }: RunMissing): string {
  return JSON.stringify([kind, runtime, code, reason.text, fix?.text ?? null]);
}
