import { resolve } from 'node:path';
import type { BenchConfig } from '../../../../core/config/define-config.ts';
import { parseList } from '../../../../core/config/quantities.ts';
import { listed } from '../../../../core/messages/compose.ts';
import { type Reason, reasons } from '../../../../core/messages/define.ts';
import { type ExportFormat, exportFormats } from '../../../../core/model/export-format.ts';
import { type NotifyCommand, notifyCommand } from '../notify/command.ts';

const why = reasons('nightly', {
  format: { message: "''{value}'' is no format", fix: 'choose from: {formats}' },
});

/** What comes after a night. */
export interface AfterSettings {
  /** What is told of alarms; null: nothing. */
  readonly notify: NotifyCommand | null;
  /** What is written, and where. */
  readonly exports: { readonly formats: readonly ExportFormat[]; readonly directory: string };
}

/** Flags of it, as typed. */
export interface AfterFlags {
  readonly notify?: string;
  readonly exports?: string;
  readonly exportsTo?: string;
}

const isFormat = (name: string): name is ExportFormat => exportFormats.some((each) => each === name);

/** Merges flags over the configuration. `complain` is told of what cannot be; `standard`: where exports are written by default. */
export async function afterSettings(
  flags: AfterFlags,
  nightly: NonNullable<BenchConfig['nightly']>,
  place: { readonly workingDirectory: string; readonly standard: string },
  complain: (key: string, reason: Reason) => void,
): Promise<AfterSettings> {
  const told = flags.notify ?? nightly.notify;
  const notify = told === undefined ? null : await notifyCommand(told);
  const isCommand = notify !== null && !('code' in notify);
  if (notify !== null && !isCommand) complain('notify', notify as Reason);
  const formats = flags.exports === undefined ? (nightly.exports ?? []) : parseList(flags.exports);
  for (const value of formats)
    if (!isFormat(value)) complain('--exports', why.format({ value, formats: listed(exportFormats) }));
  const to = flags.exportsTo ?? nightly.exportsTo ?? place.standard;
  return {
    notify: isCommand ? notify : null,
    exports: { formats: formats.filter(isFormat), directory: resolve(place.workingDirectory, to) },
  };
}
