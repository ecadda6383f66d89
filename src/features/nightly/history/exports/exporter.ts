import { notices } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import type { GateResult } from '../../../../core/model/gate.ts';
import type { AlarmLine } from '../record.ts';
import type { History } from '../recorded-series.ts';

/** The figures and nights from a day on. All alarms stay: older ones may still be open. */
export function nightsFrom(history: History, since: string | null): History {
  if (since === null) return history;
  const isIn = ({ night }: { readonly night: string }) => night >= since;
  return { ...history, headlines: history.headlines.filter(isIn), nights: history.nights.filter(isIn) };
}

/** Messages about data that a format cannot hold. */
export const leftOut = notices('history.export', {
  noNight: 'this host has no night yet',
  nothing: 'the newest night measured nothing',
  noDirection: 'left out, because neither direction is better: {series}',
});

/** A line or file of the history that was skipped. */
export interface UnreadEntry {
  readonly file: string;
  /** Line number from 1; null: the whole file. */
  readonly line: number | null;
  /** Message: where, why, and what helps. */
  readonly said: string;
}

/** Input of an export. */
export interface HistoryExportSource {
  /** History of all hosts. */
  readonly history: History;
  /** Host of the newest night, for formats that hold only one night. */
  readonly host: string;
  /** Alarms of that host that nobody has accepted. */
  readonly open: readonly AlarmLine[];
  readonly unread: readonly UnreadEntry[];
  /** Verdicts on the limits of the configuration; empty unless exported right after a night. */
  readonly gate: readonly GateResult[];
  /** First night in formats that hold all nights; null: from the beginning. */
  readonly since: string | null;
  readonly lang: Lang;
}

/** A file of an export. */
export interface ExportedFile {
  /** Relative to the directory of the export. */
  readonly name: string;
  /** null: no content; a file of that name from an earlier night is removed. */
  readonly content: string | null;
}

/** Files of an export, and messages about data that the format cannot hold. */
export interface ExportResult {
  readonly files: readonly ExportedFile[];
  readonly leftOut: readonly Message[];
}

export type HistoryExporter = (source: HistoryExportSource) => ExportResult;

/** An export of one file. */
export const oneFile = (
  name: string,
  content: string | null,
  ...leftOut: readonly Message[]
): ExportResult => ({
  files: [{ name, content }],
  leftOut,
});
