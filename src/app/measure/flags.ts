import type { RunFlags as ChoiceFlags } from '../../core/config/command-line.ts';

/** Flags, as typed, that commands share beside those that choose what is measured. */
export interface CommonFlags extends ChoiceFlags {
  readonly config?: string;
  readonly out?: string;
}

/** Flags of `ocibench run`. */
export interface RunFlags extends CommonFlags {
  readonly resume?: string;
  /** Cells that a finished run goes on with, as typed. */
  readonly until?: string;
  /** Wait for another measurement on this host to end. */
  readonly wait?: boolean;
  /** False with `--no-report`: write records, analysis and CSV only. */
  readonly report?: boolean;
  /** Judge the gate of the configuration. */
  readonly gate?: boolean;
  /** Keep the scratch directory of the embedded engine. */
  readonly keep?: boolean;
}
