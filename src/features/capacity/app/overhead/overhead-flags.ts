import type { AppContext } from '../../../../app/context.ts';
import { requestOf } from '../../../../app/measure/configuration.ts';
import type { ReadFlags } from '../../../../app/measure/past-runs.ts';
import type { RunFlags, RunRequest } from '../../../../core/config/command-line.ts';
import { parseConfidence, parseSize } from '../../../../core/config/quantities.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import { misuse, problemOf } from '../../../../core/model/error.ts';

const text = notices('overheadFlags', { unusable: 'this overhead cannot be computed' });
const why = reasons('overheadFlags', {
  confidence: {
    message: "must be from 50% to below 100%, but is ''{value}''",
    fix: 'for example  --confidence 95%',
  },
  kataMemory: { message: "must be a size, but is ''{value}''", fix: 'for example  --kata-memory 2048M' },
});

/** Flags of `ocibench capacity overhead`, as typed. */
export interface OverheadFlags extends RunFlags, Pick<ReadFlags, 'in'> {
  /** Measure what the run lacks. */
  readonly measure?: boolean;
  readonly confidence?: string;
  /** Kata's `default_memory`. */
  readonly kataMemory?: string;
}

/** Request for the overhead; also the request of the run that measures what is missing. */
export interface OverheadRequest extends RunRequest, Pick<ReadFlags, 'in'> {
  readonly measure: boolean;
  readonly confidence: number;
  /** Memory of a Kata guest without the container's limit, bytes; undefined: by the configuration that it was measured with. */
  readonly kataBytes: number | undefined;
}

const usualConfidence = '95%';

/** Parses the flags. OcibenchError (exit 2) with every invalid flag. */
export async function overheadRequest(app: AppContext, flags: OverheadFlags): Promise<OverheadRequest> {
  const typed = flags.confidence ?? usualConfidence;
  const confidence = parseConfidence(typed);
  const kataBytes = flags.kataMemory === undefined ? undefined : parseSize(flags.kataMemory);
  const { measure = false, in: place } = flags;
  if (confidence !== null && kataBytes !== null) {
    const request = await requestOf(app, flags, { here: measure });
    const out = request.out ?? place;
    return {
      ...request,
      ...(out === undefined ? {} : { out }),
      in: place,
      measure,
      confidence,
      kataBytes,
    };
  }
  throw misuse(text.unusable, [
    ...(confidence === null
      ? [problemOf({ file: '--confidence', key: '' }, why.confidence({ value: typed }))]
      : []),
    ...(kataBytes === null
      ? [problemOf({ file: '--kata-memory', key: '' }, why.kataMemory({ value: flags.kataMemory ?? '' }))]
      : []),
  ]);
}
