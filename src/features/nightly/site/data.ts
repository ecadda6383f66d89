import type { Message } from '../../../core/messages/message.ts';
import type { Category } from '../../../core/model/metric.ts';
import type { HeadlineLine, NightLine } from '../history/record.ts';
import type { History } from '../history/recorded-series.ts';
import type { Direction } from '../history/series.ts';

/** What a site is made of. */
export interface SiteInput {
  readonly history: History;
  /** Lines that cannot be read, and why. */
  readonly damaged: readonly { readonly file: string; readonly line: number; readonly why: Message }[];
  /** When it is written; ISO 8601, UTC. */
  readonly at: string;
  readonly version: string;
  /** The script of its pages, and its SHA-256 in base64. */
  readonly script: { readonly code: string; readonly sha256: string };
  /** The SHA-256 of a text, in base64. */
  readonly digest: (text: string) => string;
}

/** Increase this when pages and the data of months no longer fit together. */
export const siteVersion = 1;

/** What a figure is a ratio to, and in which unit it is. */
export type Measured = Pick<HeadlineLine, 'against' | 'unit' | 'estimate' | 'low' | 'high'>;

/** How a series is now. `gone`: the last nights have not measured it. */
export type StateKind = 'moved' | 'returned' | 'suspect' | 'steady' | 'learning' | 'gone';

/** Something that became another version, as recorded: `runc`, `1.1.15`, `1.3.6`. */
interface Changed {
  readonly what: string;
  readonly was: string;
  readonly is: string;
}

/** A night of a series in which something became another version; `segment`: nothing before can be compared with it. */
export interface Mark {
  readonly at: string;
  readonly night: string;
  readonly kind: 'segment' | 'version';
  readonly changes: readonly Changed[];
}

/** Nights of a series that share a level: of one segment, from one accepted or open change to the next. */
export interface LevelPart {
  /** When its first and its last night began. */
  readonly from: string;
  readonly to: string;
  readonly nights: number;
  readonly value: number;
}

/** What an alarm says of one series. */
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
  /** Its address in the page, and its key in the months. */
  readonly slug: string;
  readonly host: string;
  /** As the history calls it. */
  readonly name: string;
  /** What is compared, as in `runc ÷ runc-pin`. */
  readonly arm: string;
  /** Of what it is the headline, as in `startup/echo`. */
  readonly subject: string;
  /** What is measured, in words. */
  readonly metric: string;
  readonly category: Category;
  readonly against: HeadlineLine['against'];
  readonly unit: HeadlineLine['unit'];
  readonly better: HeadlineLine['better'];
  /** The series with the reference's own values; null where there is none. */
  readonly control: string | null;
  readonly state: { readonly kind: StateKind; readonly direction: Direction | null };
  /** What the nights say, as sentences. */
  readonly finding: string;
  readonly levels: readonly LevelPart[];
  readonly marks: readonly Mark[];
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

/** What the script of a page is given: everything but the nights of the series. */
export interface DashboardData {
  readonly version: number;
  /** Months that have nights, oldest first. */
  readonly months: readonly string[];
  readonly series: readonly SeriesHead[];
  readonly nights: readonly NightMark[];
  /** Names of arms, in the order of their colours. */
  readonly arms: readonly string[];
  readonly words: Readonly<Record<string, string>>;
}

/** A run of a month: of a night, or the rerun of its suspects. */
export interface MonthRun {
  readonly at: string;
  readonly night: string;
  readonly rerun: boolean;
}

/** The figures of a series in a month; the same place in each list is the same figure. A list of one holds for all. */
export interface MonthSeries {
  /** Places in the runs of the month. */
  readonly run: readonly number[];
  readonly estimate: readonly number[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly pairs: readonly number[];
  /** Median of the runtime's own values. */
  readonly median: readonly number[];
  /** Percent of its trials. */
  readonly disturbed: readonly number[];
  /** Places in the programs of the month. */
  readonly program: readonly number[];
  readonly failures: readonly number[];
}

/** The figures of a month; pages load it when they need it. */
export interface MonthData {
  readonly version: number;
  readonly month: string;
  readonly runs: readonly MonthRun[];
  /** Versions of measured programs. */
  readonly programs: readonly string[];
  /** By slug. */
  readonly series: Readonly<Record<string, MonthSeries>>;
}

/** How a day looks. Each has a colour and a sign. */
export type Look = NightMark['status'] | 'disturbed' | 'missing';

/** Pixels of a side of a day in a calendar or a legend. */
export const daySide = 11;

/** Lines over the square of a day, whose side is {@link daySide}; empty: none. */
export const daySigns: Readonly<Record<Look, string>> = {
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

/** Of several nights of a day, the one that measured. */
export function lookOf(nights: readonly Pick<NightMark, 'status' | 'disturbed'>[]): Look {
  const night = nights.find(({ status }) => status === 'measured') ?? nights.at(-1);
  if (night === undefined) return 'missing';
  return night.status === 'measured' && night.disturbed ? 'disturbed' : night.status;
}
