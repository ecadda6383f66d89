/** Where a published file first differs from what the records say; texts are cut. */
export interface FileDifference {
  /** `row 12, column verdict`, `$.rows[3].p`, `line 40`, or `byte 100`. */
  readonly at: string;
  readonly published: string;
  readonly records: string;
}

/** A published file against what the records say. */
export interface VerifiedFile {
  /** Relative to the directory of `results/` and `charts/`. */
  readonly path: string;
  /** `unfounded`: a chart that no record leads to. */
  readonly status: 'follows' | 'differs' | 'missing' | 'unfounded';
  /** The first difference; null where there is none. */
  readonly difference: FileDifference | null;
}

/** Whether the published files of a run follow from its raw records. */
export interface Verification {
  readonly runId: string;
  /** Recorded trials that the files were made from. */
  readonly trials: number;
  /** Record files whose last line a crash cut off; it was left out. */
  readonly torn: readonly string[];
  readonly files: readonly VerifiedFile[];
  /** True if every published file follows. A report that was never made is missing, which is no contradiction. */
  readonly follows: boolean;
}
