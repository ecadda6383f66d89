import { saidAs } from '../../../core/model/said.ts';
import { bpftraceTracer } from './bpftrace/tracer.ts';
import { perfTracer } from './perf/tracer.ts';
import type { PassedOverTracer, TracerKind } from './recording.ts';
import { straceTracer } from './strace/tracer.ts';
import { isTracer, type Tracer, type TracerKindDefinition, type TracerPlace } from './tracer.ts';
import { type Reason, tracerReasons } from './words.ts';

/** Best first: by disturbance, and by how much the tracer counts. */
const kinds: readonly TracerKindDefinition[] = [bpftraceTracer, perfTracer, straceTracer];

/** A tracer that cannot be used here, with the reason. */
export interface TracerRefusal {
  readonly kind: TracerKind;
  readonly reason: Reason;
}

/** The chosen tracer, or null; and the tracers that cannot be used here. */
export interface TracerChoice {
  readonly tracer: Tracer | null;
  readonly refused: readonly TracerRefusal[];
}

/**
 * Attaches the best tracer that works here; `wanted`: only that one. strace slows its target down, so it is used only for
 * targets that the recording started, or if it is wanted.
 */
export async function attachTracer(wanted: TracerKind | null, place: TracerPlace): Promise<TracerChoice> {
  const refused: TracerRefusal[] = [];
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

/** Refusals in the form of the record. */
export function passedOver(refused: readonly TracerRefusal[]): PassedOverTracer[] {
  return refused.map(({ kind, reason }) => ({ kind, ...saidAs('reason', reason.message) }));
}
