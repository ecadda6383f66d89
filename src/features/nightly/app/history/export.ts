import { join, resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { listed } from '../../../../core/messages/compose.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import { refusal } from '../../../../core/model/failure/error.ts';
import { removeNames } from '../../../../core/store/files.ts';
import type { ExportFormat } from '../../history/export-format.ts';
import type { ExportedFile, HistoryExportSource } from '../../history/exports/exporter.ts';
import { exporters } from '../../history/exports/index.ts';
import { type History, openAlarms } from '../../history/recorded-series.ts';
import { type HistoryFlags, loadHistory } from './histories.ts';
import type { OpenHistory } from './history-file.ts';

const text = notices('historyExport', {
  cannot: 'this history cannot be exported',
  noNight: 'this host has no night yet',
});
const why = reasons('historyExport', {
  since: { message: "must be a day, but is ''{value}''", fix: 'for example --since 2026-11-01' },
  noHost: { message: 'this history has no night of that host', fix: 'choose from: {hosts}' },
  whichHost: {
    message: 'this history has nights of several hosts, but none of this one',
    fix: 'choose one:  --host {hosts}',
  },
});

/** Flags of `nightly export`, as typed. */
export interface ExportFlags extends HistoryFlags {
  readonly format: ExportFormat;
  readonly to?: string;
  readonly since?: string;
  readonly host?: string;
}

/** Exports a history. Returns its text, or with a directory the path of the written file. OcibenchError (exit 2) for wrong flags. */
export async function exportHistory(app: AppContext, flags: ExportFlags): Promise<string> {
  const { format, to, since, host } = flags;
  if (since !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(since))
    throw refusal(text.cannot, { file: 'nightly export', key: '--since' }, why.since({ value: since }));
  const opened = await loadHistory(app, flags);
  const exported = exportedAs(app, opened, format, {
    host: chosenHost(opened.history, host),
    since: since ?? null,
    gate: [],
  });
  if (to === undefined) return exported.content ?? '';
  return (await writeExport(app, resolve(app.environment.workingDirectory, to), exported)) ?? '';
}

/** Converts a history to a format; warns if the format needs a night and there is none. */
export function exportedAs(
  { reporter }: Pick<AppContext, 'reporter'>,
  { history, unread }: OpenHistory,
  format: ExportFormat,
  choice: Pick<HistoryExportSource, 'host' | 'since' | 'gate'>,
): ExportedFile {
  const open = openAlarms(history).filter((alarm) => alarm.host === choice.host);
  const exported = exporters[format]({ history, open, unread, ...choice });
  if (exported.content === null) reporter.warn(text.noNight);
  return exported;
}

/** The host asked for; else this host, or the only host of a history that was copied from elsewhere. */
function chosenHost({ nights }: History, asked: string | undefined): string {
  const here = hostIdentity();
  const hosts = [...new Set(nights.map(({ host }) => host))];
  if (asked !== undefined) {
    if (hosts.includes(asked)) return asked;
    throw refusal(
      text.cannot,
      { file: 'nightly export', key: '--host' },
      why.noHost({ hosts: listed(hosts.length === 0 ? ['–'] : hosts) }),
    );
  }
  if (hosts.includes(here) || hosts.length === 0) return here;
  const [only, ...others] = hosts;
  if (only === undefined || others.length > 0)
    throw refusal(
      text.cannot,
      { file: 'nightly export', key: '--host' },
      why.whichHost({ hosts: listed(hosts) }),
    );
  return only;
}

/**
 * Writes the file of an export atomically; removes it if it now has no content. Returns its path; null: removed. OcibenchError
 * (exit 2) if root writes where another user could exchange the file.
 */
export async function writeExport(
  { store }: Pick<AppContext, 'store'>,
  directory: string,
  { name, content }: ExportedFile,
): Promise<string | null> {
  const path = join(directory, name);
  if (content === null) await removeNames(directory, [name]);
  else await store.writeTogether(new Map([[path, content]]));
  return content === null ? null : path;
}
