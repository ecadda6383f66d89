import type { GateResult } from '../../../../core/model/analysis/gate.ts';
import type { AlarmLine } from '../record.ts';
import type { History } from '../recorded-series.ts';

/** The figures and nights from a day on. All alarms stay: older ones may still be open. */
export function nightsFrom(history: History, since: string | null): History {
  if (since === null) return history;
  const isIn = ({ night }: { readonly night: string }) => night >= since;
  return { ...history, headlines: history.headlines.filter(isIn), nights: history.nights.filter(isIn) };
}

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
}

/** The file of an export. */
export interface ExportedFile {
  readonly name: string;
  /** null: the host has no night yet; a file of that name is removed. */
  readonly content: string | null;
}

export type HistoryExporter = (source: HistoryExportSource) => ExportedFile;
