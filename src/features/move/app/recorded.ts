import type { Message } from '../../../core/messages/message.ts';
import { recorded } from '../../../core/messages/record.ts';
import { type MoveRecord, moveVersion } from '../record.ts';
import type { Obstacle } from '../stack/obstacles.ts';
import { hasHealthCheck, imageOf, replicasOf, type Stack } from '../stack/stack.ts';
import type { verdictsOf } from '../verdicts.ts';

/** What was found, of which a record is made. */
interface FoundMove
  extends Pick<
    MoveRecord,
    'startedAt' | 'finishedAt' | 'harnessVersion' | 'host' | 'engine' | 'composeVersion' | 'baseline'
  > {
  readonly runId: string;
  readonly targets: readonly string[];
  /** Others than baseline and targets are left out. */
  readonly runtimes: readonly MoveRecord['runtimes'][number][];
  readonly stack: Stack;
  /** Those that the stack has a copy of. */
  readonly services: readonly string[];
  readonly ofImage: boolean;
  readonly obstacles: readonly { readonly runtime: string; readonly found: readonly Obstacle[] }[];
  readonly outside: boolean;
  readonly upSeconds: number;
  readonly data: MoveRecord['data'];
  readonly trials: readonly MoveRecord['trials'][number][];
  readonly verdicts: ReturnType<typeof verdictsOf>;
  readonly cost: MoveRecord['cost'];
  /** Why costs could not be measured; null where they were, or none were asked for. */
  readonly noCost: Message | null;
  readonly outOfTime: boolean;
  readonly interrupted: boolean;
}

/** The record of a move. */
export function recordOf(found: FoundMove): MoveRecord {
  const { startedAt, finishedAt, harnessVersion, host, engine, composeVersion, baseline } = found;
  const { runId, targets, runtimes, stack, services, ofImage, outside, upSeconds, data, cost } = found;
  const { outOfTime, interrupted } = found;
  return {
    moveVersion,
    moveId: `move-${runId}`,
    startedAt,
    finishedAt,
    harnessVersion,
    host,
    engine,
    composeVersion,
    baseline,
    targets: [...targets],
    runtimes: runtimes.filter(({ entry }) => [baseline, ...targets].includes(entry.name)),
    stack: {
      name: stack.name,
      ...(ofImage ? { ofImage } : {}),
      services: services.map((service) => describedService(stack, service)),
    },
    obstacles: found.obstacles.flatMap(({ runtime, found: own }) =>
      own.map(({ service, key, kind, reason: { message, fix } }) => ({
        service,
        runtime,
        key,
        kind,
        ...recorded({ message, fix }),
      })),
    ),
    outside,
    upSeconds,
    ...(data === undefined ? {} : { data }),
    trials: [...found.trials],
    verdicts: found.verdicts.map(({ service, runtime, verdict, why, fix }) => ({
      service,
      runtime,
      verdict,
      ...recorded({ why, fix }),
    })),
    ...(cost === undefined ? {} : { cost }),
    ...(found.noCost === null ? {} : { noCost: recorded({ why: found.noCost }) }),
    outOfTime,
    interrupted,
  };
}

function describedService(stack: Stack, service: string): MoveRecord['stack']['services'][number] {
  const own = stack.services[service] ?? {};
  return {
    service,
    image: imageOf(stack, service),
    replicas: replicasOf(own),
    healthCheck: hasHealthCheck(own),
  };
}
