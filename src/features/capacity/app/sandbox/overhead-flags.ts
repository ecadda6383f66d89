import type { RunFlags } from '../../../../app/measure/flags.ts';
import { parseFraction, parseList, parseSize } from '../../../../core/config/quantities.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import { misuse, problemOf } from '../../../../core/model/error.ts';
import { kataDefaultMemory } from '../../sandbox/kata-estimate.ts';

const text = notices('overheadFlags', { unusable: 'the overhead cannot be computed as asked' });
const why = reasons('overheadFlags', {
  confidence: {
    message: "must be from 50% to below 100%, but is ''{value}''",
    fix: 'for example  --confidence 95%',
  },
  kataMemory: { message: "must be a size, but is ''{value}''", fix: 'for example  --kata-memory 2048M' },
});

/** Flags of `ocibench overhead`, as typed. */
export interface OverheadFlags extends RunFlags {
  /** Measure what the run lacks. */
  readonly measure?: boolean;
  readonly confidence?: string;
  /** Kata's `default_memory`. */
  readonly kataMemory?: string;
}

/** What was asked for. */
export interface Asked {
  readonly confidence: number;
  /** Memory of a Kata guest without the container's limit, bytes. */
  readonly kataBytes: number;
  /** null: all. */
  readonly runtimes: readonly string[] | null;
}

/** Values that no flag gave. */
const defaults = { confidence: '95%', leastConfidence: 0.5 } as const;

/** OcibenchError (exit 2) with every flag that cannot be. */
export function askedBy(flags: OverheadFlags): Asked {
  const typed = flags.confidence ?? defaults.confidence;
  const confidence = parseFraction(typed);
  const kataBytes = flags.kataMemory === undefined ? kataDefaultMemory : parseSize(flags.kataMemory);
  const isEnough = confidence !== null && confidence >= defaults.leastConfidence;
  if (isEnough && kataBytes !== null)
    return {
      ...{ confidence, kataBytes },
      runtimes: flags.runtimes === undefined ? null : parseList(flags.runtimes),
    };
  throw misuse(text.unusable, [
    ...(isEnough ? [] : [problemOf({ file: '--confidence', key: '' }, why.confidence({ value: typed }))]),
    ...(kataBytes === null
      ? [problemOf({ file: '--kata-memory', key: '' }, why.kataMemory({ value: flags.kataMemory ?? '' }))]
      : []),
  ]);
}
