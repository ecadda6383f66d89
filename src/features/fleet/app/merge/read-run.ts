import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import type { ApartJob } from '../../../../app/apart/apart.ts';
import type { ArtefactReader } from '../../../../app/apart/apart-process.ts';
import type { AppContext } from '../../../../app/context.ts';
import { analysisOf } from '../../../../app/measure/conclude.ts';
import { openConfiguration } from '../../../../app/measure/configuration.ts';
import type { Environment } from '../../../../app/reporter.ts';
import { fingerprintTrial } from '../../../../app/trial-prints.ts';
import type { Artefact, RunArtefact } from '../../../../core/artefact/artefact.ts';
import type { RunRequest } from '../../../../core/config/command-line.ts';
import { nullIfMissing, openPlainFile, readPlainFile } from '../../../../core/files/plain-file.ts';
import { pseudonymOf } from '../../../../core/host/host-identity.ts';
import { external } from '../../../../core/messages/compose.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import { recalled } from '../../../../core/messages/record.ts';
import { analysisSchema } from '../../../../core/model/analysis/analysis.ts';
import { more } from '../../../../core/model/bounded-fields.ts';
import { bounds } from '../../../../core/model/bounds.ts';
import { OcibenchError } from '../../../../core/model/failure/error.ts';
import { figuresVersion } from '../../../../core/model/run/figures-version.ts';
import type { RunRecord } from '../../../../core/model/run/run.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import { validate } from '../../../../core/store/jsonl.ts';
import { files } from '../../../../core/store/run-ids.ts';
import { reportContext } from '../../../../report/context.ts';
import type { FleetAnalysis } from '../../merge/fleet-analysis.ts';
import type { FleetNote } from '../../merge/fleet-record.ts';
import { type FleetRun, type FleetSource, fleetRun } from '../../merge/fleet-run.ts';
import { contradictionOf } from '../../merge/made-again.ts';
import { someOf, toldOf, toldWords } from '../../merge/notes.ts';
import { handedInWords } from '../../merge/useless.ts';

const text = notices('fleetRun', {
  recordsChanged: 'its records do not match its manifest: {names}',
  noFigures: 'its analysis cannot be used, and its raw records are missing',
  contradicts:
    'its analysis.json says {published} for {what}, but its records say {records}: either may have been changed',
  nothing: 'nothing',
});

/** Options for reading runs. */
interface FleetReading {
  /** Directory of the fleet; links to reports are relative to it. */
  readonly place: string;
  /** Recompute figures from the records even if there is an analysis of this version, and compare the two. */
  readonly again: boolean;
  /** Whose figures cannot be recomputed gets no vote, although it published some. */
  readonly strict: boolean;
  /** Language of the answers to the questions of docs/lab, which the page with names has; null for none. */
  readonly answers: Lang | null;
  /** Flag of the configuration with the user's own workloads. */
  readonly flags: Pick<RunRequest, 'config'>;
}

/** Input of a process that reads runs. */
export interface MergeJob extends ApartJob, FleetReading {
  readonly environment: Environment;
  /** Origins of the runs to read from an archive; null: all. */
  readonly only: readonly string[] | null;
}

/** Parses only headlines and categories, so that a thousand analyses are read in seconds. */
const { rows, categories, trials, schemaVersion, baseline, figures } = analysisSchema.shape;
const figuresSchema = z.object({
  schemaVersion,
  figures,
  runId: z.string(),
  baseline,
  trials,
  rows: rows.max(bounds.cells, more(bounds.cells)),
  categories: categories.max(bounds.cells, more(bounds.cells)),
});

type FleetContext = Pick<AppContext, 'store' | 'environment' | 'reporter'>;

/**
 * Reads the part of a run that a fleet needs: from its analysis.json if the manifest matches and this version made it, else by
 * a new analysis of its raw records. A run that cannot be used is reported. So is an analysis that its records contradict: such
 * a run gets no vote.
 */
async function readFleetRun(
  app: FleetContext,
  artefact: Artefact,
  reading: FleetReading,
): Promise<FleetRun | FleetNote> {
  const { origin } = artefact;
  const leftOut = (why: Message) => toldOf('left-out', toldWords.unreadable({ origin, why }), [origin]);
  if ('problem' in artefact) return leftOut(artefact.problem);
  try {
    const read = await usable(app, artefact, reading);
    return 'why' in read ? leftOut(read.why) : read;
  } catch (error) {
    return leftOut(whyNot(error));
  }
}

/** What is known of a run's source before its figures are read. */
type RunSource = Omit<FleetSource, 'from' | 'prints' | 'answers'>;

interface UnusableRun {
  readonly why: Message;
}

async function usable(
  app: FleetContext,
  artefact: RunArtefact,
  reading: FleetReading,
): Promise<FleetRun | UnusableRun> {
  const { origin, directory, manifest } = artefact;
  const run = await app.store.readRun(directory);
  const edited = manifest.files
    .filter(({ name, status }) => status === 'changed' && recordFiles.has(name))
    .map(({ name }) => name);
  if (edited.length > 0) return { why: text.recordsChanged({ names: someOf(edited) }) };
  const page = join(directory, 'report.html');
  const isBeside = directory === origin && existsSync(page);
  const source: RunSource = {
    origin,
    manifest: manifest.state,
    report: isBeside ? linkTo(reading.place, page) : null,
    records: await sha256Of(join(directory, files.trials)),
    pseudonym: run.host.id === undefined ? null : pseudonymOf(run.host.id),
  };
  // A failed run may have published figures before it was extended.
  const isPublished = manifest.state === 'whole' && run.status !== 'failed';
  const figures = isPublished ? await publishedFigures(directory, run) : null;
  const published =
    figures === null
      ? null
      : fleetRun(run, figures, { ...source, from: 'analysis', prints: [], answers: [] });
  if (published !== null && !reading.again) return published;
  const made = isWithoutStart(run, source)
    ? fleetRun(run, nothingMeasured(run), { ...source, from: 'records', prints: [], answers: [] })
    : await madeAgain(app, directory, source, reading);
  if (published === null) return made;
  if (!('from' in made)) return reading.strict ? made : published;
  const found = contradictionOf(published, made);
  if (found === null) return made;
  const say = (value: number | null) =>
    value === null ? text.nothing : String(Number(value.toPrecision(6)));
  const { what } = found;
  return { why: text.contradicts({ what, published: say(found.published), records: say(found.records) }) };
}

/** Did the run end before its first trial, because a runtime does not start? What it says of its runtimes is of use. */
function isWithoutStart({ runtimes }: RunRecord, { records }: Pick<FleetSource, 'records'>): boolean {
  return records === null && runtimes.some(({ preflight }) => preflight.status === 'unavailable');
}

function nothingMeasured({ config }: RunRecord): FleetAnalysis {
  return { baseline: config.baseline, trials: { ok: 0, failed: 0, warmup: 0 }, rows: [], categories: [] };
}

/** Recomputes the figures from the records. OcibenchError if the records are damaged. */
async function madeAgain(
  app: FleetContext,
  directory: string,
  source: RunSource,
  { flags, answers: lang }: FleetReading,
): Promise<FleetRun | UnusableRun> {
  if (source.records === null) return { why: text.noFigures };
  const { run, trials } = await app.store.loadRun(directory);
  const workloads = await workloadsOf(app, flags, run.config.services);
  const known = new Set(workloads.map(({ id }) => id));
  const unknown = [...new Set(run.subjects.map(({ workload }) => workload))].filter((id) => !known.has(id));
  if (unknown.length > 0) return { why: handedInWords.unknownWorkloads({ names: someOf(unknown) }) };
  const { analysis, effective, measurements } = analysisOf(run, trials, workloads);
  const context =
    lang === null ? null : reportContext({ run, analysis, measurements, trials: effective, lang });
  const answers = context === null ? [] : (await import('../../report/answers.ts')).answerBlocks(context);
  const prints = trials.flatMap(fingerprintTrial);
  return fleetRun(run, analysis, { ...source, from: 'records', prints, answers });
}

/** Cache of shipped and configured workloads, for all runs without services of their own. */
const loaded = new Map<string, Promise<readonly Workload[]>>();

async function workloadsOf(
  app: FleetContext,
  flags: FleetReading['flags'],
  services: RunRecord['config']['services'] = [],
): Promise<readonly Workload[]> {
  const load = async () => (await openConfiguration(app, flags, { here: false })).workloads(services);
  if (services.length > 0) return load();
  const found = loaded.get(flags.config ?? '') ?? load();
  loaded.set(flags.config ?? '', found);
  return found;
}

/** Files that everything else is computed from. */
const recordFiles: ReadonlySet<string> = new Set([files.run, files.trials]);

/** The figures of analysis.json; null unless it belongs to this run and this version made it. */
async function publishedFigures(directory: string, { runId }: RunRecord): Promise<FleetAnalysis | null> {
  const content = await readPlainFile(join(directory, 'analysis.json'), { followLinks: false }).catch(
    () => null,
  );
  if (content === null) return null;
  try {
    const value = Object(JSON.parse(content.toString('utf8'))) as { readonly rows?: unknown };
    const headlines = Array.isArray(value.rows)
      ? value.rows.filter((each) => Object(each).headline === true)
      : value.rows;
    const parsed = validate(figuresSchema, { ...value, rows: headlines });
    if (!parsed.success || parsed.data.runId !== runId) return null;
    return parsed.data.figures === figuresVersion ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Relative link from a directory to a page. Begins with `./`, since a directory name could look like a URL scheme. */
function linkTo(place: string, page: string): string {
  const path = relative(place, page);
  return path.startsWith('.') ? path : `./${path}`;
}

/** null if the file does not exist. */
async function sha256Of(path: string): Promise<string | null> {
  const handle = await openPlainFile(path, { followLinks: false }).catch(nullIfMissing);
  if (handle === null) return null;
  const hash = createHash('sha256');
  await pipeline(handle.createReadStream(), hash);
  return hash.digest('hex');
}

/** Why a run cannot be read, in one sentence. */
function whyNot(error: unknown): Message {
  if (!(error instanceof OcibenchError)) return external((error as Error).message);
  const [problem] = error.problems;
  return problem === undefined ? recalled(error, 'message') : recalled(problem, 'message');
}

/** This module's URL, for job processes. */
export const fleetReader = import.meta.url;

const reader: ArtefactReader<MergeJob> = async (app, artefact, job) =>
  job.only === null || job.only.includes(artefact.origin) ? readFleetRun(app, artefact, job) : null;

export default reader;
