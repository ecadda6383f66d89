import type { WorkWindow } from '../../model/trial/trial.ts';

/**
 * A stamp that a container prints around its work: `@ocibench begin <seconds>` and `@ocibench end <seconds>`, several
 * of each, with the time of its own clock. Stamps are removed from its output.
 */
export interface Stamp {
  readonly edge: 'begin' | 'end';
  /** The container's clock, ns. */
  readonly containerNs: number;
  /** The host's CLOCK_MONOTONIC at its arrival, ns. */
  readonly hostNs: number;
}

const pattern = /^@ocibench (begin|end) (\d{1,12}\.\d{1,9})\r?$/;
/** Maximum length of a stamp. A longer line may be a program's own and is passed on as it arrives. */
const longest = 60;

/** Reads stdout chunk by chunk. Calls `onStamp` for every stamp and passes everything else on unchanged. */
export class StampReader {
  #pending = '';
  readonly #onStamp: (stamp: Stamp) => void;
  readonly #pass: (chunk: Buffer) => void;
  /** Does the text before `#pending` end a line? Only then can a stamp begin. */
  #lineStart = true;

  constructor(onStamp: (stamp: Stamp) => void, pass: (chunk: Buffer) => void) {
    this.#onStamp = onStamp;
    this.#pass = pass;
  }

  feed(chunk: Buffer, hostNs: number): void {
    // latin1 maps each byte to one character and back, so that other output stays unchanged.
    let text = this.#pending + chunk.toString('latin1');
    this.#pending = '';
    let passed = '';
    while (text !== '') {
      const end = text.indexOf('\n');
      const line = end === -1 ? text : text.slice(0, end);
      const mayBeStamp =
        this.#lineStart && '@ocibench '.startsWith(line.slice(0, 10)) && line.length < longest;
      if (end === -1) {
        if (mayBeStamp) this.#pending = text;
        else {
          passed += text;
          this.#lineStart = false;
        }
        break;
      }
      const found = mayBeStamp ? pattern.exec(line) : null;
      if (found === null) passed += text.slice(0, end + 1);
      else
        this.#onStamp({
          edge: found[1] as Stamp['edge'],
          containerNs: Math.round(Number(found[2]) * 1e9),
          hostNs,
        });
      this.#lineStart = true;
      text = text.slice(end + 1);
    }
    if (passed !== '') this.#pass(Buffer.from(passed, 'latin1'));
  }

  /** Passes on pending text at the end of the output. */
  end(): void {
    if (this.#pending !== '') this.#pass(Buffer.from(this.#pending, 'latin1'));
    this.#pending = '';
  }
}

/** See {@link WorkWindow}. */
export type StampedInterval = Pick<WorkWindow, 'containerNs' | 'hostNs' | 'uncertaintyNs'>;

/**
 * Duration of the work between the stamps by both clocks, ns; null without stamps on both sides. A stamp arrives late
 * and never early. So of the stamps of one side, the one with the lowest latency gives the offset between the clocks.
 */
export function stampedInterval(stamps: readonly Stamp[]): StampedInterval | null {
  const side = (edge: Stamp['edge']) => stamps.filter((stamp) => stamp.edge === edge);
  const [begins, ends] = [side('begin'), side('end')];
  const begin = begins.at(-1);
  const end = ends[0];
  if (begin === undefined || end === undefined) return null;
  const offsets = (of: readonly Stamp[]) => of.map((stamp) => stamp.hostNs - stamp.containerNs);
  const least = (of: readonly Stamp[]) => Math.min(...offsets(of));
  const spread = (of: readonly Stamp[]) => Math.max(...offsets(of)) - least(of);
  const containerNs = end.containerNs - begin.containerNs;
  return {
    containerNs,
    hostNs: containerNs + least(ends) - least(begins),
    uncertaintyNs: spread(begins) + spread(ends),
  };
}

/** Tolerated difference between a container's clock and the host's: this fraction of the interval plus this time. */
const clockTolerance = { fraction: 0.01, ns: 2e6 } as const;

/** Is the difference of the clocks greater than {@link clockTolerance} plus the spread of stamp latency? */
export function clockDisagrees({ containerNs, hostNs, uncertaintyNs }: StampedInterval): boolean {
  const allowed = clockTolerance.fraction * hostNs + clockTolerance.ns + uncertaintyNs;
  return Math.abs(containerNs - hostNs) > allowed;
}
