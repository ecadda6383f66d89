import type { Consequence } from '../../src/features/options/judge/objection.ts';

/** The same in English and in French. */
export type Words = readonly [en: string, fr: string];

/** What follows from a daemon.json, as `judgeDaemonJson` says it; `parser`: ocibench refuses to read it, as dockerd does. */
type Effect = Consequence | 'ok' | 'parser';

/** A line of the course page, and what became of it. */
export interface Row {
  /** A piece of daemon.json or config.toml, or a command. */
  readonly line: string;
  readonly right: 'yes' | 'changed' | 'no';
  /** What Docker 26.1 does with it, and 28.5 where it does something else. */
  readonly today: Words;
  /** What to write where the line is not right. */
  readonly instead?: Words;
  /** Present where the line belongs to a daemon.json. */
  readonly file?: {
    /** The whole file. */
    readonly source: string;
    /** In the private machine of the nightly test: without systemd, a journal, SELinux and what the file names. */
    readonly effect: Effect;
    /** With Docker 28.5, where it differs. */
    readonly effect28?: Effect;
    /** Does it also follow from the limits of the host? */
    readonly ofHost?: true;
  };
  /** A runtime of the file that no container starts under, and the code of the reason. */
  readonly runtime?: readonly [name: string, code: string];
  /** Commands of the private machine, and what their output matches. */
  readonly steps?: readonly [commands: string, output: RegExp, output28?: RegExp];
  /** Why the line could not be tried. */
  readonly untried?: Words;
}

export interface Section {
  readonly title: Words;
  readonly rows: readonly Row[];
}
