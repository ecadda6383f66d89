import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import type { Params } from '../../../core/model/trial/cell.ts';
import { between, type Evidence, figureOf } from '../../../core/model/trial/evidence.ts';
import { ParseError } from '../../../core/model/trial/parser-output.ts';
import type { MarkName } from '../../../core/model/trial/trial.ts';
import type { MetricDefinition, ParsedValue } from '../../../core/model/workload/metric.ts';
import type { Workload } from '../../../core/model/workload/workload.ts';
import { tailAnswers } from './tail.ts';

const says = notices('restore', { noCopy: 'the trial has no marks of the {life} service' });

const metrics: readonly MetricDefinition[] = [
  {
    id: 'restore.to_answer',
    unit: 'ns',
    better: 'lower',
    description:
      'from the restore call to the first right answer of the restored service, which proves its state; host CLOCK_MONOTONIC. Only where the first restore succeeded',
  },
  { id: 'restore.call', unit: 'ns', better: 'lower', description: 'the part of it until the call returns' },
  {
    id: 'restore.tail',
    unit: 'ns',
    better: 'neither',
    description: `what the next ${tailAnswers} answers, which read all that the service holds, take beyond the same ${tailAnswers} asked again; negative where the first were faster`,
  },
  {
    id: 'fresh.to_answer',
    unit: 'ns',
    better: 'lower',
    description: 'from the create call of a fresh service, warm-up included, to the same answer; same trial',
  },
  {
    id: 'fresh.call',
    unit: 'ns',
    better: 'lower',
    description: 'the part of it until the start call returns',
  },
  { id: 'fresh.tail', unit: 'ns', better: 'neither', description: 'as restore.tail, of the fresh service' },
  {
    id: 'restore.saving',
    unit: 'ns',
    better: 'neither',
    description:
      'fresh.to_answer − restore.to_answer of the same trial; the restore uses the container that exists, so that the saving includes its creation; negative where the fresh start is faster',
  },
  {
    id: 'restore.saving_read',
    unit: 'ns',
    better: 'neither',
    description: `restore.saving − (restore.tail − fresh.tail): what is left of it after ${tailAnswers} answers that read all that the service holds`,
  },
  {
    id: 'checkpoint.time',
    unit: 'ns',
    better: 'lower',
    description: 'the checkpoint call, which ends the service',
  },
  {
    id: 'checkpoint.image',
    unit: 'bytes',
    better: 'lower',
    description: 'size of the files of the checkpoint',
  },
  {
    id: 'restore.failed_tries',
    unit: 'count',
    better: 'lower',
    description:
      'restores that the engine refused before one succeeded; where it is not 0, the trial has no time of a restore',
  },
];

const breakEven: MetricDefinition = {
  id: 'restore.break_even',
  unit: 'ns',
  better: 'neither',
  description:
    'start-up work from which a restore into the existing container is faster: warmUp − restore.saving; negative where it always is',
};

/** A service that can be warmed. */
interface WarmedService {
  readonly command: (params: Params) => readonly string[];
  /** ms of the service's own work before its first answer; null where its warm-up is not counted in time. */
  readonly warmUpMs: ((params: Params) => number) | null;
  /** A question that the service answers by `OK` when it has read one of {@link tailAnswers} slices, whose number is appended. */
  readonly read: (params: Params) => string;
}

function valuesOf(evidence: Evidence, warmUpMs: number | null): readonly ParsedValue[] {
  const [fresh, restored] = evidence.copies;
  if (fresh === undefined) throw new ParseError(says.noCopy({ life: 'fresh' }));
  if (restored === undefined) throw new ParseError(says.noCopy({ life: 'restored' }));
  const ns = (metric: string, value: number, better: 'lower' | 'neither' = 'lower') =>
    ({ metric, unit: 'ns', better, value }) as const;
  const until = (life: typeof fresh, mark: MarkName) => between(life, 'create-begin', mark);
  const saving = until(fresh, 'answer') - until(restored, 'answer');
  const image = evidence.figures['checkpoint.image'];
  const failedTries = figureOf(evidence, 'restore.failed_tries');
  const freshTail = figureOf(evidence, 'fresh.tail');
  const tail = () => figureOf(evidence, 'restore.tail');
  // What a failed try did already makes the next one faster.
  const ofRestore =
    failedTries > 0
      ? []
      : [
          ns('restore.to_answer', until(restored, 'answer')),
          ns('restore.call', until(restored, 'start-end')),
          ns('restore.tail', tail(), 'neither'),
          ns('restore.saving', saving, 'neither'),
          ns('restore.saving_read', saving - (tail() - freshTail), 'neither'),
          ...(warmUpMs === null ? [] : [ns('restore.break_even', warmUpMs * 1e6 - saving, 'neither')]),
        ];
  return [
    ...ofRestore,
    ns('fresh.to_answer', until(fresh, 'answer')),
    ns('fresh.call', until(fresh, 'start-end')),
    ns('fresh.tail', freshTail, 'neither'),
    ns('checkpoint.time', between(evidence, 'checkpoint-begin', 'checkpoint-end')),
    // The files of a remote engine are out of reach.
    ...(image !== undefined && 'value' in image
      ? [{ metric: 'checkpoint.image', unit: 'bytes', better: 'lower', value: image.value } as const]
      : []),
    { metric: 'restore.failed_tries', unit: 'count', better: 'lower', value: failedTries },
  ];
}

/** Why nothing can be restored here; null where it can. */
function refusal({ figures }: Evidence): Message | null {
  const support = figures['restore.support'];
  return support !== undefined && 'absent' in support ? recalled(support, 'absent') : null;
}

/** What all workloads that restore a service have in common. */
export function restored(
  service: WarmedService,
): Pick<
  Workload,
  'category' | 'metrics' | 'precision' | 'maxBlocks' | 'observe' | 'container' | 'group' | 'parse' | 'refused'
> {
  return {
    category: 'restore',
    metrics: service.warmUpMs === null ? metrics : [...metrics, breakEven],
    precision: 0.05,
    maxBlocks: 12,
    observe: { kind: 'nothing' },
    container: (params) => ({
      command: service.command(params),
      checkpoint: true,
      timeoutMs: 60_000,
    }),
    group: (params) => ({
      kind: 'runner',
      runner: 'restore',
      count: 1,
      settings: { read: service.read(params) },
    }),
    parse: (evidence, params) => valuesOf(evidence, service.warmUpMs?.(params) ?? null),
    refused: refusal,
  };
}

/** Memory that a warmed service holds and its answers read a slice at a time, MiB; random, so that no image can be compressed. */
export const heldMiB = 16;

/** Caveats of every such workload, for their descriptions. */
export const restoreCaveats = `Each trial starts the service fresh, asks it, stores it, restores it in its place and asks again. Questions and answers are
lines on standard input and output: there is no network. Both times end at an answer that only the right state can give: a
counter goes on, and a word from before the checkpoint is there. The checkpoint was just written, so that its files are in
memory: a restore from a disk takes longer. runc and crun store a container by CRIU, which has to be installed; runsc stores
its own kernel. The restored container exists already, while the fresh one is created. \`docker start --checkpoint\` fails where
containerd still has a part of the checkpoint. It is repeated, to see that the service can be restored, and the failed tries are
counted; such a trial has no time of a restore.`;
