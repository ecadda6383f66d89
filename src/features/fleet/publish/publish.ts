import { join, resolve } from 'node:path';
import type { AppContext } from '../../../app/context.ts';
import { analysisOf, filesOf, type OutputDirectories } from '../../../app/measure/conclude.ts';
import { languageOf } from '../../../app/measure/configuration.ts';
import type { ReadFlags } from '../../../app/measure/past-runs.ts';
import { type OpenedRun, openStored } from '../../../app/open-stored.ts';
import { featureMissing, verifier } from '../../../app/ports.ts';
import { configHash } from '../../../core/config/resolve.ts';
import { refuseNotOwn } from '../../../core/files/held-directory.ts';
import { pseudonymOf } from '../../../core/host/host-identity.ts';
import { sayAnywhere } from '../../../core/messages/command.ts';
import { messages, notices, reasons } from '../../../core/messages/define.ts';
import { translate } from '../../../core/messages/translate.ts';
import { misuse, type Problem, problemOf } from '../../../core/model/failure/error.ts';
import { type RunRecord, runRecordSchema } from '../../../core/model/run/run.ts';
import { readingSchema, trialRecordSchema } from '../../../core/model/trial/trial.ts';
import type { Measurement } from '../../../core/model/workload/metric.ts';
import { eachRecord } from '../../../core/store/jsonl.ts';
import { manifestFile, manifestOf } from '../../../core/store/manifest.ts';
import { files } from '../../../core/store/run-ids.ts';
import { anonymousRecords, type PublishedHost } from '../../../report/anonymous.ts';
import { type Compression, pack } from './pack.ts';

/** Licences that measurements are published under, by their SPDX ids; the first is the default. */
const dataLicences = ['CC0-1.0', 'CC-BY-4.0'] as const;
export type DataLicence = (typeof dataLicences)[number];

/** URL of the legal text of each licence, and its terms in one sentence. */
const licenceTexts: Readonly<Record<DataLicence, { readonly url: string; readonly notice: string }>> = {
  'CC0-1.0': {
    url: 'https://creativecommons.org/publicdomain/zero/1.0/legalcode',
    notice:
      'To the extent possible under law, the publisher has waived all copyright and related or neighbouring rights to this data.',
  },
  'CC-BY-4.0': {
    url: 'https://creativecommons.org/licenses/by/4.0/legalcode',
    notice:
      'This data may be shared and adapted for any purpose, as long as its publisher is named and changes are told.',
  },
};

const words = messages('published', {
  title: 'Measurements of ocibench: {run}',
  what: 'What {runtimes} cost on one host, measured by ocibench {version} (preset {preset}) from {begun}. summary.csv and analysis.json have the figures, trials.jsonl the raw data behind them.',
  withheld:
    'Withheld: names of the host and of people, addresses, paths and labels. The host is named {host} in everything published about it.',
  noHost:
    'Withheld: names of the host and of people, addresses, paths and labels. The record has no host id, so other archives of the same host cannot be recognised.',
  check: 'Check it:  sha256sum -c MANIFEST.sha256   and recompute its figures:  @(verify {run})',
  merge: 'Merge it with measurements of other hosts:  @(fleet merge DIR --out FLEET)',
  pages: 'Make its page and charts, in the directory above results/:  @(report {run})',
  licence: 'Licence of the data: {licence}, see DATA-LICENSE.',
});

/** README.md of a published run. */
function publishedReadme(
  { runId, host, config, runtimes, harnessVersion, startedAt }: RunRecord,
  licence: DataLicence,
): string {
  const run = runId;
  const values = {
    runtimes: runtimes.map(({ entry }) => entry.name).join(', '),
    version: harnessVersion,
    preset: config.preset,
    begun: startedAt.slice(0, 10),
  };
  const withheld = host.id === undefined ? words.noHost : words.withheld({ host: host.hostname });
  const paragraphs = [
    words.what(values),
    withheld,
    words.check({ run }),
    words.pages({ run }),
    words.merge,
    words.licence({ licence }),
  ];
  return [
    `# ${translate(words.title({ run }), 'en')}`,
    ...paragraphs.map((message) => translate(message, 'en')),
  ]
    .join('\n\n')
    .concat('\n');
}

/** DATA-LICENSE of a published run: the terms, and where their whole text is. */
function dataLicenceText(licence: DataLicence): string {
  const { url, notice } = licenceTexts[licence];
  return `SPDX-License-Identifier: ${licence}\n\n${notice}\n\n${url}\n`;
}

const text = notices('publish', {
  refused: 'run {run} was not published',
  noHost:
    'the record of run {run} has no host id, so other archives of the same host will not be recognised; newer runs have one',
});
const why = reasons('publish', {
  services: {
    message: 'are your own services: their input and output may be private',
    fix: 'publish a run of workloads that come with ocibench',
  },
  doesNotHold: {
    message: 'its figures do not follow from its records',
    fix: 'see why:  @(verify {run})   and write its files again:  @(report {run})',
  },
  needed: {
    message: 'its figures need data that would be withheld',
    fix: 'publish a run without that workload',
  },
});

/** Flags of `ocibench fleet publish`, as typed. */
export interface PublishFlags extends Pick<ReadFlags, 'in' | 'lang'> {
  readonly to?: string;
  readonly gzip?: boolean;
  readonly license?: DataLicence;
}

/** Result of publishing. */
export interface PublishResult {
  readonly file: string;
  readonly bytes: number;
  readonly runId: string;
  readonly host: PublishedHost;
  readonly licence: DataLicence;
  readonly files: readonly string[];
}

/**
 * Writes an archive with the records and figures of a run, a licence and a manifest, without names, addresses and paths. It
 * contains a run directory, `results/<runId>/…`, whose figures are computed from the records in it. OcibenchError (exit 2) if
 * the run fails verification, measured the user's own services, or has figures that need withheld data.
 */
export async function publishRun(app: AppContext, name: string, flags: PublishFlags): Promise<PublishResult> {
  const { environment } = app;
  const to = resolve(environment.workingDirectory, flags.to ?? '.');
  refuseNotOwn([to]);
  const opened = await openStored(app, name, flags);
  const { run } = opened;
  refuse(run, servicesOf(run));
  const holdsTrue = await verifier();
  if (holdsTrue === null) refuse(run, [problemOf(opened.path, featureMissing('proof'))]);
  else if (!(await holdsTrue(app, opened)))
    refuse(run, [problemOf(opened.path, why.doesNotHold({ run: run.runId }))]);
  const licence = flags.license ?? dataLicences[0];
  const lang = flags.lang === undefined ? run.config.lang : languageOf(flags.lang);
  const bare = withoutNames(opened, environment.userNames);
  refuse(run, lostFigures(opened, bare));
  if (bare.run.host.id === undefined) app.reporter.warn(text.noHost({ run: run.runId }));
  const contents = await contentsOf(app, { ...opened, ...bare }, lang);
  contents.set(
    'README.md',
    sayAnywhere(() => publishedReadme(bare.run, licence)),
  );
  contents.set('DATA-LICENSE', dataLicenceText(licence));
  contents.set(manifestFile, manifestOf(contents));
  const compression: Compression = flags.gzip ? 'gz' : 'zst';
  const place = `results/${run.runId}`;
  const archive = await pack(
    new Map([...contents].map(([file, content]) => [`${place}/${file}`, content])),
    compression,
  );
  const file = join(to, `ocibench-${run.runId}.tar.${compression}`);
  await app.store.writeAtomically(file, archive);
  const { hostname, id } = bare.run.host;
  const host = { hostname, ...(id === undefined ? {} : { id }) };
  return { file, bytes: archive.length, runId: run.runId, host, licence, files: [...contents.keys()] };
}

function refuse({ runId }: RunRecord, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw misuse(text.refused({ run: runId }), problems);
}

function servicesOf({ config, runId }: RunRecord): readonly Problem[] {
  const { services = [] } = config;
  return services.length === 0
    ? []
    : [problemOf({ file: `run ${runId}`, key: services.map(({ name }) => name).join(', ') }, why.services)];
}

/** The published records. */
type PublishedRecords = Pick<OpenedRun, 'run' | 'trials'>;

/** Removes names, addresses and paths from the records. */
function withoutNames({ run, trials }: OpenedRun, names: readonly string[]): PublishedRecords {
  const id = run.host.id === undefined ? undefined : pseudonymOf(run.host.id);
  const host: PublishedHost =
    id === undefined ? { hostname: 'host' } : { id, hostname: `host-${id.slice(0, 8)}` };
  const bare = anonymousRecords({ run, trials }, names, host);
  const config = bare.run.config;
  return {
    run: runRecordSchema.parse({ ...bare.run, configHash: configHash(config) }),
    trials: bare.trials.map((trial) => trialRecordSchema.parse(trial)),
  };
}

/** Problems for workloads whose figures change without the withheld data. */
function lostFigures({ run, trials, workloads }: OpenedRun, bare: PublishedRecords): readonly Problem[] {
  const whole = analysisOf(run, trials, workloads).measurements;
  const published = analysisOf(bare.run, bare.trials, workloads).measurements;
  const figureOf = ({ trialId, metric, value }: Measurement) => `${trialId} ${metric} ${value}`;
  const said = new Set(published.map(figureOf));
  const lost = whole.filter((each) => !said.has(figureOf(each)));
  return [...new Set(lost.map(({ cell }) => cell.workload))].map((workload) =>
    problemOf({ file: `run ${run.runId}`, key: workload }, why.needed),
  );
}

/** File name → content for the published run directory. */
async function contentsOf(
  app: AppContext,
  stored: OpenedRun & PublishedRecords,
  lang: RunRecord['config']['lang'],
): Promise<Map<string, string | Uint8Array>> {
  const { path, run, blocks, trials, workloads } = stored;
  const readings: string[] = [];
  for await (const reading of eachRecord(join(path, files.readings), readingSchema))
    readings.push(`${JSON.stringify(reading)}\n`);
  const contents = new Map<string, string | Uint8Array>([
    [files.run, `${JSON.stringify(run, null, 2)}\n`],
    [files.schedule, lines(blocks)],
    [files.trials, lines(trials)],
    [files.readings, readings.join('')],
  ]);
  const place: OutputDirectories = { results: '', charts: 'charts' };
  const { files: figures } = await filesOf(app.pictures, {
    run,
    trials,
    workloads,
    lang,
    place,
    report: false,
    called: null,
  });
  return new Map([...contents, ...figures]);
}

function lines(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
