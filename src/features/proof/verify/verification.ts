import type { Message } from '../../../core/messages/message.ts';

/** First difference of a published file from the recomputed one; texts are shortened. */
export interface FileDifference {
  /** `line 40, character 12`, or `byte 100`. */
  readonly at: string;
  readonly published: string;
  readonly records: string;
}

/** A published file compared with the recomputed one. */
export interface VerifiedFile {
  /** Relative to the directory of `results/` and `charts/`. */
  readonly path: string;
  /** `follows`: equal to the recomputed file; `unfounded`: a chart without records behind it. */
  readonly status: 'follows' | 'differs' | 'missing' | 'unfounded';
  /** The first difference; null if there is none. */
  readonly difference: FileDifference | null;
}

/**
 * State of a verified run.
 * - `measured-here`, `measured-elsewhere`: everything is valid, measured on this host or on another.
 * - `edited`: a file differs from the manifest, or a figure from the records.
 * - `incomplete`: parts of a complete run are missing; the rest is valid.
 * - `copied`: another of the submitted runs has the same trials.
 */
export type VerifiedState = 'measured-here' | 'measured-elsewhere' | 'edited' | 'incomplete' | 'copied';

/** A file whose content differs from the manifest. */
interface ManifestFile {
  readonly name: string;
  readonly status: 'whole' | 'changed' | 'missing' | 'added' | 'unreadable';
}

/** A main result, or a category, whose verdict is another with the figures of this version. */
interface VerdictDifference {
  /** `crun, memory/idle`, or `crun, memory` for a category. */
  readonly what: string;
  readonly was: string;
  readonly is: string;
}

/** Figures that another version made of the same records: another question than whether the records are whole. */
export interface OtherFigures {
  /** The version that made them, and this one. */
  readonly writer: FiguresVersion;
  readonly reader: FiguresVersion;
  /** Number of comparisons and categories that both have. */
  readonly verdicts: number;
  readonly differ: readonly VerdictDifference[];
}

/** A version of ocibench. Between releases the number stays the same, but `figures` changes with the analysis. */
interface FiguresVersion {
  readonly ocibench: string;
  /** `figures` of its analysis.json; null if there is none. */
  readonly figures: string | null;
}

/** Result of verifying a run: its completeness, and the agreement of its files with its records. */
export interface Verification {
  readonly runId: string;
  /** Number of recorded trials that the files were recomputed from. */
  readonly trials: number;
  /** Record files whose last line was cut off by a crash, and skipped. */
  readonly torn: readonly string[];
  readonly files: readonly VerifiedFile[];
  /** Absent if this version made the figures, or would make the same. */
  readonly otherFigures?: OtherFigures;
  /**
   * True if every published file follows from the records. A report that was never made counts as missing, not as different.
   */
  readonly follows: boolean;
  /** Result for `MANIFEST.sha256`; `files`: those that differ. */
  readonly manifest: {
    readonly state: 'whole' | 'changed' | 'missing';
    readonly files: readonly ManifestFile[];
  };
  /** The host of the measurement. */
  readonly host: {
    /** null if the containers ran on another machine than ocibench. */
    readonly id: string | null;
    readonly isHere: boolean;
    /** Basis of `here`: the host's id; without one, its name, CPU and memory. */
    readonly by: 'id' | 'facts';
  };
  /** Parts of a complete run that this one lacks. */
  readonly missing: readonly Message[];
  readonly state: VerifiedState;
  /** Reasons for a state other than measured, most serious first. */
  readonly reasons: readonly Message[];
}

/** One of several submitted runs. */
export interface Submission {
  /** Path as given, or found below a given path. */
  readonly origin: string;
  /** A short form of the host's id; null if the record has none. */
  readonly host: string | null;
  /** null if the run cannot be read; likewise the fields below. */
  readonly runId: string | null;
  readonly startedAt: string | null;
  readonly preset: string | null;
  /** Names of its runtimes. */
  readonly runtimes: readonly string[];
  /** Number of recorded trials. */
  readonly trials: number;
  readonly manifest: Verification['manifest']['state'];
  readonly state: VerifiedState | 'unreadable';
  /** Most serious first; empty if everything is valid. */
  readonly reasons: readonly Message[];
}
