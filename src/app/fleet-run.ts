import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import type { RunArtefact } from '../artefact/artefact.ts';
import { openPlainFile, readPlainFile } from '../files/plain-file.ts';
import { type FleetAnalysis, type FleetRun, fleetRun } from '../fleet/fleet-run.ts';
import { someOf, toldOf, toldWords } from '../fleet/told.ts';
import { pseudonymOf } from '../host/host-identity.ts';
import { external } from '../messages/compose.ts';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recalled } from '../messages/record.ts';
import { analysisSchema } from '../model/analysis.ts';
import { OcibenchError } from '../model/error.ts';
import type { FleetTold } from '../model/fleet.ts';
import { method, type RunRecord } from '../model/run.ts';
import type { Workload } from '../model/workload.ts';
import { files } from '../store/run-files.ts';
import { validate } from '../store/validate.ts';
import { analysisOf } from './conclude.ts';
import type { AppContext } from './context.ts';

const text = notices('fleetRun', {
  recordsChanged: 'its records are not those of its manifest: {names}',
  noFigures: 'its analysis cannot be used, and its raw records are not there',
  newerMethod: 'it was analysed by method {method}, and this ocibench knows {known}',
  unknownWorkloads:
    'its records must be analysed again, and these workloads are known to its own configuration only (--config): {names}',
});

/** How the runs of a fleet are read. */
export interface FleetReading {
  /** Directory of the fleet, to which links to reports are relative. */
  readonly place: string;
  /** The workloads that are known here, and those of a run's services. */
  readonly workloads: (services: RunRecord['config']['services']) => Promise<readonly Workload[]>;
}

/** Headlines and categories alone, so that a thousand analyses are read in seconds. */
const { rows, categories, trials, schemaVersion, baseline } = analysisSchema.shape;
const figuresSchema = z.object({
  ...{ schemaVersion, runId: z.string(), baseline, trials },
  rows: z.array(
    rows.element.pick({
      ...{ runtime: true, profile: true, layer: true, workload: true, params: true, engine: true },
      ...{ category: true, metric: true, unit: true, better: true, headline: true },
      ...{ baseline: true, baselineEngine: true, pairs: true },
      ...{ ratio: true, ratioCiLow: true, ratioCiHigh: true, p: true },
    }),
  ),
  categories: z.array(
    categories.unwrap().element.pick({
      ...{ runtime: true, category: true, layer: true, engine: true, subjects: true, blocks: true },
      ...{ cost: true, low: true, high: true },
    }),
  ),
});

/**
 * What a fleet keeps of a run: from its analysis.json where the manifest holds and today's method made it, else from its raw
 * records, analysed anew. What cannot be used is told.
 */
export async function readFleetRun(
  app: Pick<AppContext, 'store'>,
  artefact: RunArtefact,
  reading: FleetReading,
): Promise<FleetRun | FleetTold> {
  const { origin } = artefact;
  const leftOut = (why: Message) => toldOf('left-out', toldWords.unreadable({ origin, why }), [origin]);
  try {
    return (await usable(app, artefact, reading, leftOut)) ?? leftOut(text.noFigures);
  } catch (error) {
    return leftOut(whyNot(error));
  }
}

async function usable(
  { store }: Pick<AppContext, 'store'>,
  { origin, directory, manifest }: RunArtefact,
  { place, workloads: workloadsOf }: FleetReading,
  leftOut: (why: Message) => FleetTold,
): Promise<FleetRun | FleetTold | null> {
  const run = await store.readRun(directory);
  if ((run.method ?? 1) > method)
    return leftOut(text.newerMethod({ method: String(run.method), known: String(method) }));
  const edited = manifest.files
    .filter(({ name, status }) => status === 'changed' && recordFiles.has(name))
    .map(({ name }) => name);
  if (edited.length > 0) return leftOut(text.recordsChanged({ names: someOf(edited) }));
  const page = join(directory, 'report.html');
  const isBeside = directory === origin && (await isThere(page));
  const source = {
    ...{ origin, manifest: manifest.state, report: isBeside ? linkTo(place, page) : null },
    records: await sha256Of(join(directory, files.trials)),
    pseudonym: run.host.id === undefined ? null : pseudonymOf(run.host.id),
  };
  // What a run that failed published was written before it went on.
  const isPublished = manifest.state === 'whole' && run.method === method && run.status !== 'failed';
  const published = isPublished ? await publishedFigures(directory, run) : null;
  if (published !== null) return fleetRun(run, published, { ...source, from: 'analysis' });
  if (source.records === null) return null;
  const stored = await store.loadRun(directory);
  const workloads = await workloadsOf(run.config.services);
  const known = new Set(workloads.map(({ id }) => id));
  const unknown = [...new Set(run.subjects.map(({ workload }) => workload))].filter((id) => !known.has(id));
  if (unknown.length > 0) return leftOut(text.unknownWorkloads({ names: someOf(unknown) }));
  const { analysis } = analysisOf(stored.run, stored.trials, workloads);
  const figures = { ...analysis, categories: analysis.categories ?? [] };
  return fleetRun(stored.run, figures, { ...source, from: 'records' });
}

/** What everything else follows from. */
const recordFiles: ReadonlySet<string> = new Set([files.run, files.trials]);

/** The figures of analysis.json; null where there is none of this run that this version reads. */
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
    return parsed.success && parsed.data.runId === runId ? parsed.data : null;
  } catch {
    return null;
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** From a directory to a page. `./`: the name of a directory could look like the scheme of an address. */
function linkTo(place: string, page: string): string {
  const path = relative(place, page);
  return path.startsWith('.') ? path : `./${path}`;
}

/** null where the file is not there. */
async function sha256Of(path: string): Promise<string | null> {
  const handle = await openPlainFile(path, { followLinks: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return null;
  const hash = createHash('sha256');
  await pipeline(handle.createReadStream(), hash);
  return hash.digest('hex');
}

/** Why a run cannot be read, in a sentence. */
function whyNot(error: unknown): Message {
  if (!(error instanceof OcibenchError)) return external((error as Error).message);
  const [problem] = error.problems;
  return problem === undefined ? recalled(error, 'message') : recalled(problem, 'message');
}
