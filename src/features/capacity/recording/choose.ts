import { saidAs } from '../../../core/model/said.ts';
import { bpftraceTracer } from './bpftrace/tracer.ts';
import { perfTracer } from './perf/tracer.ts';
import type { PassedOver, TracerKind } from './recording.ts';
import { straceTracer } from './strace/tracer.ts';
import { isTracer, type Tracer, type TracerKindDefinition, type TracerPlace } from './tracer.ts';
import { type Reason, tracerReasons } from './words.ts';

/** The best first: the least disturbance, and the most that is counted. */
const kinds: readonly TracerKindDefinition[] = [bpftraceTracer, perfTracer, straceTracer];

/** A tracer that was passed over, with its reason. */
export interface Refusal {
  readonly kind: TracerKind;
  readonly reason: Reason;
}

/** The chosen tracer, or none; and those that cannot be used here. */
export interface Choice {
  readonly tracer: Tracer | null;
  readonly refused: readonly Refusal[];
}

/**
 * Attaches the best tracer that works here; `wanted`: that one or none. strace is used for what the recording started
 * itself, or where it is wanted: it would slow down others.
 */
export async function attachTracer(wanted: TracerKind | null, place: TracerPlace): Promise<Choice> {
  const refused: Refusal[] = [];
  for (const definition of kinds) {
    const { kind } = definition;
    if (wanted !== null && kind !== wanted) continue;
    const mayStop = kind !== 'strace' || wanted === 'strace' || place.watched.isOurs;
    const found = mayStop ? await definition.attach(place) : tracerReasons.notAsked;
    if (isTracer(found)) return { tracer: found, refused };
    refused.push({ kind, reason: found });
  }
  return { tracer: null, refused };
}

/** Refusals as a record holds them. */
export function passedOver(refused: readonly Refusal[]): PassedOver[] {
  return refused.map(({ kind, reason }) => ({ kind, ...saidAs('reason', reason.message) }));
}
