import type { RunFlags as ChoiceFlags } from '../config/command-line.ts';

/** Flags that commands share beside those that choose what is measured, as typed. */
export interface CommonFlags extends ChoiceFlags {
  readonly config?: string;
  readonly out?: string;
}

/** Flags of `ocibench run`. */
export interface RunFlags extends CommonFlags {
  readonly resume?: string;
  /** Wait for another measurement on this host to end. */
  readonly wait?: boolean;
  /** False with `--no-report`: records, analysis and CSV alone. */
  readonly report?: boolean;
  /** Keep the scratch directory of the embedded engine. */
  readonly keep?: boolean;
}
