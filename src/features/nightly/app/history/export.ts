import { join, resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { listed } from '../../../../core/messages/compose.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import { refusal } from '../../../../core/model/error.ts';
import { type ExportFormat, severalFiles } from '../../../../core/model/export-format.ts';
import { removeNames } from '../../../../core/store/files.ts';
import type { ExportResult, HistoryExportSource } from '../../history/exports/exporter.ts';
import { exporters } from '../../history/exports/index.ts';
import type { History } from '../../history/recorded-series.ts';
import { type HistoryFlags, loadHistory, openAlarms } from './histories.ts';
import type { OpenHistory } from './history-file.ts';

const text = notices('historyExport', {
  cannot: 'this history cannot be exported',
});
const why = reasons('historyExport', {
  several: { message: 'writes several files', fix: 'name a directory:  --to exports' },
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

/** Result of an export: its text, or the paths of the written files. */
export type ExportEnd =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'files'; readonly paths: readonly string[] };

/**
 * Exports a history; without a directory, as text. OcibenchError (exit 2) for wrong flags, or several files without a
 * directory.
 */
export async function exportHistory(app: AppContext, flags: ExportFlags): Promise<ExportEnd> {
  const { format, to, since, host } = flags;
  if (to === undefined && severalFiles.includes(format))
    throw refusal(text.cannot, { file: 'nightly export', key: format }, why.several);
  if (since !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(since))
    throw refusal(text.cannot, { file: 'nightly export', key: '--since' }, why.since({ value: since }));
  const opened = await loadHistory(app, flags);
  const exported = exportedAs(app, opened, format, {
    host: chosenHost(opened.history, host),
    since: since ?? null,
    gate: [],
  });
  if (to === undefined)
    return { kind: 'text', text: exported.files.map(({ content }) => content ?? '').join('') };
  const directory = resolve(app.environment.workingDirectory, to);
  return { kind: 'files', paths: await writeExport(app, directory, exported) };
}

/** Converts a history to a format, and reports what the format cannot hold. */
export function exportedAs(
  { reporter }: Pick<AppContext, 'reporter'>,
  { history, unread }: OpenHistory,
  format: ExportFormat,
  choice: Pick<HistoryExportSource, 'host' | 'since' | 'gate'>,
): ExportResult {
  const open = openAlarms(history).filter((alarm) => alarm.host === choice.host);
  const exported = exporters[format]({ history, open, unread, lang: reporter.lang, ...choice });
  for (const message of exported.leftOut) reporter.warn(message);
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
 * Writes the files of an export, each atomically, and removes files that now have no content. Returns the paths of the others.
 * OcibenchError (exit 2) if root writes where another user could exchange the files.
 */
export async function writeExport(
  { store }: Pick<AppContext, 'store'>,
  directory: string,
  { files }: ExportResult,
): Promise<readonly string[]> {
  const written = new Map(
    files.flatMap(({ name, content }) =>
      content === null ? [] : [[join(directory, name), content] as const],
    ),
  );
  await store.writeTogether(written);
  await removeNames(
    directory,
    files.flatMap(({ name, content }) => (content === null ? [name] : [])),
  );
  return [...written.keys()];
}
