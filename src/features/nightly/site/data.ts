import type { Message } from '../../../core/messages/message.ts';
import type { Category } from '../../../core/model/metric.ts';
import type { HeadlineLine, NightLine } from '../history/record.ts';
import type { History } from '../history/recorded-series.ts';
import type { Direction } from '../history/series.ts';

/** Input of the dashboard. */
export interface SiteInput {
  readonly history: History;
  /** Lines that cannot be read, and why. */
  readonly damaged: readonly { readonly file: string; readonly line: number; readonly why: Message }[];
  /** Time of writing; ISO 8601, UTC. */
  readonly at: string;
  readonly version: string;
  /** Script of the pages, and its SHA-256 in base64. */
  readonly script: { readonly code: string; readonly sha256: string };
  /** Computes the SHA-256 of a text, in base64. */
  readonly digest: (text: string) => string;
}

/** Increase this when pages and the data of months no longer fit together. */
export const siteVersion = 1;

/** A figure with its reference and unit. */
export type SiteFigure = Pick<HeadlineLine, 'against' | 'unit' | 'estimate' | 'low' | 'high'>;

/** Current state of a series. `gone`: the last nights did not measure it. */
export type StateKind = 'moved' | 'returned' | 'suspect' | 'steady' | 'learning' | 'gone';

/** A version change as recorded: `runc`, `1.1.15`, `1.3.6`. */
interface RecordedChange {
  readonly what: string;
  readonly was: string;
  readonly is: string;
}

/** A night of a series with version changes; `segment`: earlier nights cannot be compared with it. */
export interface SeriesMark {
  readonly at: string;
  readonly night: string;
  readonly kind: 'segment' | 'version';
  readonly changes: readonly RecordedChange[];
}

/** Nights of a series on one level: within a segment, from one accepted or open change to the next. */
export interface LevelPart {
  /** Start of its first night and of its last night. */
  readonly from: string;
  readonly to: string;
  readonly nights: number;
  readonly value: number;
}

/** An alarm's entry for one series. */
export interface SeriesAlarm {
  readonly id: string;
  readonly night: string;
  /** First night of the new level. */
  readonly since: string;
  readonly direction: Direction;
  /** New level ÷ old level. */
  readonly change: number;
  readonly low: number;
  readonly high: number;
  readonly accepted: boolean;
}

/** A series, without its nights. */
export interface SeriesHead {
  /** Fragment of its address, and its key in the data of months. */
  readonly slug: string;
  readonly host: string;
  /** Name in the history. */
  readonly name: string;
  /** Comparison, such as `runc ÷ runc-pin`. */
  readonly arm: string;
  /** Workload with parameters, such as `startup/echo`. */
  readonly subject: string;
  /** Metric in words. */
  readonly metric: string;
  readonly category: Category;
  readonly against: HeadlineLine['against'];
  readonly unit: HeadlineLine['unit'];
  readonly better: HeadlineLine['better'];
  /** Slug of the series with the reference's own values; null if there is none. */
  readonly control: string | null;
  readonly state: { readonly kind: StateKind; readonly direction: Direction | null };
  /** State of the series, in sentences. */
  readonly finding: string;
  readonly levels: readonly LevelPart[];
  readonly marks: readonly SeriesMark[];
  readonly alarms: readonly SeriesAlarm[];
}

/** A night as a whole. */
export interface NightMark {
  readonly host: string;
  readonly at: string;
  readonly night: string;
  readonly status: NightLine['status'];
  readonly disturbed: boolean;
  readonly reason: string;
}

/** Data embedded for the script of a page: everything but the nights of the series. */
export interface DashboardData {
  readonly version: number;
  /** Months with nights, oldest first. */
  readonly months: readonly string[];
  readonly series: readonly SeriesHead[];
  readonly nights: readonly NightMark[];
  /** Names of arms, in the order of their colours. */
  readonly arms: readonly string[];
  readonly words: Readonly<Record<string, string>>;
}

/** A run of a month: the run of a night, or the rerun of its suspects. */
export interface MonthRun {
  readonly at: string;
  readonly night: string;
  readonly rerun: boolean;
}

/** The figures of a series in a month, as parallel lists. A list of length one holds for all figures. */
export interface MonthSeries {
  /** Indices into the runs of the month. */
  readonly run: readonly number[];
  readonly estimate: readonly number[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly pairs: readonly number[];
  /** Median of the runtime's own values. */
  readonly median: readonly number[];
  /** Disturbed trials of the figure, percent. */
  readonly disturbed: readonly number[];
  /** Indices into the programs of the month. */
  readonly program: readonly number[];
  readonly failures: readonly number[];
}

/** The figures of a month, which pages load on demand. */
export interface MonthData {
  readonly version: number;
  readonly month: string;
  readonly runs: readonly MonthRun[];
  /** Versions of measured programs. */
  readonly programs: readonly string[];
  /** Slug → figures. */
  readonly series: Readonly<Record<string, MonthSeries>>;
}

/** Status of a day as shown; each has a colour and a sign. */
export type DayLook = NightMark['status'] | 'disturbed' | 'missing';

/** Side of a day's square in a calendar or a legend, pixels. */
export const daySide = 11;

/** SVG paths of the signs in a square of side {@link daySide}; empty: no sign. */
export const daySigns: Readonly<Record<DayLook, string>> = {
  measured: '',
  disturbed: 'M0 11L11 0',
  skipped: 'M3 5.5h5',
  failed: 'M3 3l5 5M8 3l-5 5',
  interrupted: 'M3 3l5 5M8 3l-5 5',
  missing: '',
};

export const dayMs = 86_400_000;
/** `2026-11-26` */
export const dayName = (at: number) => new Date(at).toISOString().slice(0, 10);

/** Look of a day; if it has several nights, the one that measured decides. */
export function lookOf(nights: readonly Pick<NightMark, 'status' | 'disturbed'>[]): DayLook {
  const night = nights.find(({ status }) => status === 'measured') ?? nights.at(-1);
  if (night === undefined) return 'missing';
  return night.status === 'measured' && night.disturbed ? 'disturbed' : night.status;
}
