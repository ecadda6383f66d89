import type { Message } from '../../../core/messages/message.ts';

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

/**
 * What a run is, in one word.
 * - `measured-here`, `measured-elsewhere`: all holds, on this host or on another.
 * - `edited`: a file is not what the manifest says, or a figure is not what the records say.
 * - `not-plausible`: the records contradict each other, or what such a host can do.
 * - `incomplete`: something that a whole run has is missing, and the rest holds.
 * - `other-version`: another ocibench made its figures, and they cannot be made again here; manifest and records hold.
 * - `copied`: of several, another one has the same trials.
 */
export type VerifiedState =
  | 'measured-here'
  | 'measured-elsewhere'
  | 'edited'
  | 'not-plausible'
  | 'incomplete'
  | 'other-version'
  | 'copied';

/** A file whose bytes are not those of the manifest. */
interface ManifestFile {
  readonly name: string;
  readonly status: 'whole' | 'changed' | 'missing' | 'added' | 'unreadable';
}

/** A contradiction in the records. */
export interface Implausible {
  /** The file and what of it: `trials.jsonl: b003p001`. */
  readonly at: string;
  readonly message: Message;
}

/** Whether a run is whole, whether its records can be true, and whether its published files follow from them. */
export interface Verification {
  readonly runId: string;
  /** Recorded trials that the files were made from. */
  readonly trials: number;
  /** Record files whose last line a crash cut off; it was left out. */
  readonly torn: readonly string[];
  readonly files: readonly VerifiedFile[];
  /** True if every published file follows. A report that was never made is missing, which is no contradiction. */
  readonly follows: boolean;
  /** What `MANIFEST.sha256` says; `files`: those that are not whole. */
  readonly manifest: {
    readonly state: 'whole' | 'changed' | 'missing';
    readonly files: readonly ManifestFile[];
  };
  /** The host that it was measured on. */
  readonly host: {
    /** null where the containers ran on another machine than ocibench. */
    readonly id: string | null;
    readonly isHere: boolean;
    /** What that is known by: without an id, the host's name, CPU and memory are compared. */
    readonly by: 'id' | 'facts';
  };
  /** Empty where nothing contradicts. */
  readonly implausible: readonly Implausible[];
  /** What a whole run would have, and this one has not. */
  readonly missing: readonly Message[];
  readonly state: VerifiedState;
  /** Why it is not simply measured, the most serious first. */
  readonly reasons: readonly Message[];
}

/** One of several runs that were handed in. */
export interface Submission {
  /** What was named, or found below it. */
  readonly origin: string;
  /** A short name for the host's id; null where the record has none. */
  readonly host: string | null;
  /** null where the run cannot be read, as the fields below. */
  readonly runId: string | null;
  readonly startedAt: string | null;
  readonly preset: string | null;
  /** Names of its runtimes. */
  readonly runtimes: readonly string[];
  /** Recorded trials. */
  readonly trials: number;
  readonly manifest: Verification['manifest']['state'];
  readonly state: VerifiedState | 'unreadable';
  /** The most serious first; empty where all holds. */
  readonly reasons: readonly Message[];
}
