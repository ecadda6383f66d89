import { notices } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import type { GateResult } from '../../../../core/model/gate.ts';
import type { AlarmLine } from '../record.ts';
import type { History } from '../recorded-series.ts';

/** The figures and nights from a day on. Alarms stay all: how many are open counts older ones. */
export function nightsFrom(history: History, since: string | null): History {
  if (since === null) return history;
  const isIn = ({ night }: { readonly night: string }) => night >= since;
  return { ...history, headlines: history.headlines.filter(isIn), nights: history.nights.filter(isIn) };
}

/** What formats cannot hold. */
export const leftOut = notices('history.export', {
  noNight: 'this host has no night yet',
  nothing: 'the newest night measured nothing',
  noDirection: 'left out, since neither direction of them is better: {series}',
});

/** What of a history could not be read, and is left out. */
export interface Unread {
  readonly file: string;
  /** From 1; null: the whole file. */
  readonly line: number | null;
  /** Where, why, and what helps. */
  readonly said: string;
}

/** What an export is made of. */
export interface ExportSource {
  /** Of every host. */
  readonly history: History;
  /** Whose newest night it is that formats about one night tell. */
  readonly host: string;
  /** Alarms of that host that nobody has accepted. */
  readonly open: readonly AlarmLine[];
  readonly unread: readonly Unread[];
  /** What became of the limits of tonight's configuration; none where the night is not just over. */
  readonly gate: readonly GateResult[];
  /** First night of formats that hold all nights; null: from the beginning. */
  readonly since: string | null;
  readonly lang: Lang;
}

/** A file of an export. */
export interface ExportedFile {
  /** Relative to the directory of the export. */
  readonly name: string;
  /** null: there is nothing to say, and a file of that name must not stay from an earlier night. */
  readonly content: string | null;
}

/** An export, and what the format cannot hold. */
export interface Exported {
  readonly files: readonly ExportedFile[];
  readonly leftOut: readonly Message[];
}

export type Exporter = (source: ExportSource) => Exported;

/** An export of one file. */
export const oneFile = (name: string, content: string | null, ...leftOut: readonly Message[]): Exported => ({
  files: [{ name, content }],
  leftOut,
});
