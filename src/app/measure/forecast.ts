import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunRequest } from '../../core/config/command-line.ts';
import { loadRecipes } from '../../core/config/workloads.ts';
import { identifyRuntime } from '../../core/host/runtimes.ts';
import { cachedImage } from '../../core/images/build.ts';
import { freeBytesAt } from '../../core/measure/execute/disk-room.ts';
import { scheduleBlock } from '../../core/measure/schedule/block.ts';
import { measurableCells, warmUpCells } from '../../core/measure/schedule/cells.ts';
import {
  besideModules,
  choiceWarnings,
  chooseSubjects,
  haveModules,
  withModulesFor,
} from '../../core/measure/schedule/choice.ts';
import { costsOf, timeLeft } from '../../core/measure/schedule/eta.ts';
import { imagesOf, subjectRecords, underEveryProfile } from '../../core/measure/schedule/subjects.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { misuse } from '../../core/model/failure/error.ts';
import { enginesOf, layersOf, type ResolvedConfig, unsupportedReasons } from '../../core/model/run/run.ts';
import type { TimeLeft } from '../../core/model/run/sampling.ts';
import { profileName } from '../../core/model/runtime/container-profile.ts';
import type { EngineRequest } from '../../core/model/runtime/engine-kind.ts';
import type { RuntimeEntry, RuntimeFacts } from '../../core/model/runtime/runtime.ts';
import { type Cell, cellKey, defaultLayer, subjectKey, workKey } from '../../core/model/trial/cell.ts';
import { type ImageRecipe, type ImageSource, imageId } from '../../core/model/workload/image.ts';
import { maxBlocksOf, type Workload } from '../../core/model/workload/workload.ts';
import type { AppContext } from '../context.ts';
import { openConfiguration } from './configuration.ts';
import { refuseMissingDirectories, runtimePath } from './engines.ts';
import { configuredGates } from './gates.ts';
import { atEveryEngine, measuredInEngines, scheduledLayers } from './layers.ts';
import { layerWarnings } from './left-out.ts';
import { resultsOf } from './past-runs.ts';
import { registeredRuntimes, reportNotes, runtimesWithout, withRuntimes } from './registered.ts';
import { preflightImages } from './try-runtimes.ts';

const text = notices('forecast', {
  newRunsOnly: '--dry-run shows what a new run would do: leave out --resume',
});

/** A subject of the schedule: a workload with its parameters, at a layer and, where there are several, in one engine. */
export interface ForecastSubject extends Pick<Cell, 'workload' | 'params' | 'layer' | 'engine'> {
  /** The cells of a block: each runtime, and the second arm of the baseline in the A/A control. */
  readonly runtimes: readonly string[];
  /** Options of its container; absent: `default`. */
  readonly profile?: string;
  readonly unsupported: readonly { readonly runtime: string; readonly reason: Message }[];
  /** Wall time of a block in earlier runs, ms; null where no earlier run has all its cells. */
  readonly blockMs: number | null;
}

/** An image of the schedule; `bytes`: size of its file, null where it is not built yet or already in the engine. */
interface ForecastImage {
  readonly image: string;
  readonly isBuilt: boolean;
  readonly bytes: number | null;
}

/** What `run` would do, computed without a lock, an engine or a container. */
export interface Forecast {
  readonly config: ResolvedConfig;
  readonly runtimes: readonly Pick<RuntimeFacts, 'entry' | 'version'>[];
  readonly subjects: readonly ForecastSubject[];
  /** Trials of a block that holds every cell. */
  readonly trialsPerBlock: number;
  /** Ids of the trials of the first measured block, in their order. */
  readonly firstBlock: readonly Cell[];
  /** Estimated measuring time including warm-up, ms; images and the engine's start are extra. */
  readonly time: TimeLeft;
  /** Runs that the estimate is based on, newest first. */
  readonly costsFrom: readonly string[];
  readonly images: readonly ForecastImage[];
  readonly disk: {
    readonly out: string;
    /** Size of the records, bytes; null without an earlier run to estimate it from. */
    readonly results: { readonly min: number; readonly max: number } | null;
    /** Free disk space, bytes; null where unknown. */
    readonly free: number | null;
  };
}

/** Number of earlier runs that are read for the cost of trials. */
const runsLookedInto = 3;

interface EarlierRuns {
  readonly costs: ReadonlyMap<string, number>;
  readonly from: readonly string[];
  /** Bytes of records per trial. */
  readonly bytesPerTrial: number | null;
}

/** Cost of trials in the newest runs; each cell from the newest run that has it. */
async function earlierRuns(
  { store }: Pick<AppContext, 'store'>,
  results: string,
  wanted: readonly Cell[],
): Promise<EarlierRuns> {
  const costs = new Map<string, number>();
  const from: string[] = [];
  let bytesPerTrial: number | null = null;
  for (const id of (await store.runIds(results)).slice(0, runsLookedInto)) {
    const path = join(results, id);
    const stored = await store.loadRun(path).catch(() => null);
    if (stored === null || stored.trials.length === 0) continue;
    bytesPerTrial ??= (await recordBytes(path)) / stored.trials.length;
    const own = costsOf(stored.trials);
    const found = wanted.map(cellKey).filter((key) => own.has(key) && !costs.has(key));
    for (const key of found) costs.set(key, own.get(key) ?? 0);
    if (found.length > 0) from.push(id);
  }
  return { costs, from, bytesPerTrial };
}

async function recordBytes(path: string): Promise<number> {
  const names = (await readdir(path)).filter((name) => name.endsWith('.jsonl'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Facts of a runtime before its preflight; it is assumed to be able to run. */
async function untried(entry: RuntimeEntry, engines: readonly EngineRequest[]): Promise<RuntimeFacts> {
  const [first] = engines;
  const environment = first === undefined ? {} : { ...first.env, PATH: runtimePath(engines) ?? '' };
  const identity = await identifyRuntime(entry, { environment });
  return { entry, ...identity, requested: false, preflight: { status: 'available', tookMs: 0 } };
}

async function forecastImages(
  sources: readonly ImageSource[],
  cacheDirectory: string,
): Promise<readonly ForecastImage[]> {
  const recipes = await loadRecipes();
  const unique = new Map(sources.map((source) => [imageId(source), source]));
  return Promise.all(
    [...unique].map(async ([image, source]): Promise<ForecastImage> => {
      const recipe: ImageRecipe | undefined =
        typeof source === 'string'
          ? recipes.find(({ id }) => id === source)
          : 'reference' in source
            ? undefined
            : source;
      if (recipe === undefined) return { image, isBuilt: true, bytes: null };
      const built = await cachedImage(recipe, join(cacheDirectory, 'images'));
      return { image, isBuilt: built !== null, bytes: built };
    }),
  );
}

/**
 * What `run` with these flags would measure, how long it would take and what it would write. Starts nothing and waits for
 * nothing. OcibenchError (exit 2) as `run` throws it.
 */
export async function forecastRun(app: AppContext, request: RunRequest): Promise<Forecast> {
  if (request.resume !== undefined) throw misuse(text.newRunsOnly);
  const configuration = await openConfiguration(app, request, { here: true });
  const resolution = configuration.resolve(request);
  const { config, engines } = resolution;
  await refuseMissingDirectories(engines, configuration.loaded?.file ?? '');
  const registered = await registeredRuntimes(resolution);
  reportNotes(app.reporter, registered);
  const workloads = await configuration.workloads(config.services);
  await configuredGates(app, configuration, request, {
    workloads,
    recorded: null,
    isAsked: request.judge ?? false,
  });
  for (const warning of choiceWarnings(workloads, config)) app.reporter.warn(warning);
  const found = await withRuntimes(app, registered, config, request);
  const all = found?.entries ?? runtimesWithout(registered, config);
  const chosen = besideModules(chooseSubjects(workloads, config), config, all);
  const entries = withModulesFor(all, config, chosen);
  const runtimes = await Promise.all(entries.map((entry) => untried(entry, engines)));
  for (const warning of layerWarnings(chosen, config)) app.reporter.warn(warning);
  const crossed = subjectRecords(chosen, runtimes, found?.facts ?? { local: true }, {
    noNetwork: null,
    isRoot: app.environment.isRoot,
    duet: config.duet,
    layers: underEveryProfile(
      atEveryEngine(scheduledLayers(layersOf(config)), enginesOf(config)),
      config.profiles ?? [],
    ),
  });
  const records = measuredInEngines(crossed, config);
  const cells = measurableCells(records, runtimes, config.baseline, workloads, config);
  const results = resultsOf(app, request.out);
  const earlier = await earlierRuns(app, results, cells);
  const subjects = records.map((record): ForecastSubject => {
    const { workload, params, layer = defaultLayer, engine, profile } = record;
    const identity = { workload, params, layer, ...(engine === undefined ? {} : { engine }) };
    const subject = subjectKey({ ...identity, profile: profileName(profile) });
    const own = cells.filter((cell) => subjectKey(cell) === subject);
    const costs = own.map((cell) => earlier.costs.get(cellKey(cell)));
    return {
      ...identity,
      ...(profile === undefined ? {} : { profile }),
      runtimes: own.map(({ runtime }) => runtime),
      unsupported: unsupportedReasons(record),
      blockMs: costs.includes(undefined) ? null : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
    };
  });
  const time = expectedTime(cells, workloads, config, earlier.costs);
  const perBlock = cells.length;
  const images = [...chosen.flatMap(imagesOf), ...(await preflightImages(entries, haveModules(chosen)))];
  return {
    config,
    runtimes: runtimes.map(({ entry, version }) => ({ entry, version })),
    subjects,
    trialsPerBlock: perBlock,
    firstBlock: scheduleBlock({ seed: config.seed, block: 1, phase: 'measure', cells }).trials.map(
      ({ cell }) => cell,
    ),
    time,
    costsFrom: earlier.from,
    images: await forecastImages(images, app.environment.cacheDirectory),
    disk: {
      out: dirname(results),
      results: recordsOf(perBlock, time, subjects, config, earlier.bytesPerTrial),
      free: await freeBytesAt(dirname(results)).catch(() => null),
    },
  };
}

/** The schedule's own estimate before the first block, and the warm-up. */
function expectedTime(
  cells: readonly Cell[],
  workloads: readonly Workload[],
  config: ResolvedConfig,
  costs: ReadonlyMap<string, number>,
): TimeLeft {
  const costOf = (cell: Cell) => costs.get(cellKey(cell)) ?? null;
  const warmUpMs = warmUpCells(cells, config).reduce((sum, cell) => sum + (costOf(cell) ?? 0), 0);
  const limitOf = maxBlocksOf(workloads);
  const subjects = [...Map.groupBy(cells, workKey)].map(([subject, own]) => ({
    subject,
    blocks: 0,
    maxBlocks: own[0] === undefined ? 0 : limitOf(own[0]),
    alive: true,
    cells: own.map((cell) => ({ cell, standing: undefined, costMs: costOf(cell), givenUp: false })),
  }));
  const { minMs, maxMs } = timeLeft(subjects, config, warmUpMs);
  return {
    minMs: Math.min(config.maxTimeMs, warmUpMs + minMs),
    maxMs: Math.min(config.maxTimeMs, warmUpMs + maxMs),
  };
}

/** Size of the records at the smallest number of blocks, and at the largest that the time allows, bytes. */
function recordsOf(
  perBlock: number,
  { maxMs }: TimeLeft,
  subjects: readonly ForecastSubject[],
  { minBlocks, maxBlocks }: ResolvedConfig,
  bytesPerTrial: number | null,
): Forecast['disk']['results'] {
  const blockMs = subjects.reduce((sum, subject) => sum + (subject.blockMs ?? Number.NaN), 0);
  if (bytesPerTrial === null || !(blockMs > 0)) return null;
  const most = Math.min(maxBlocks + 1, Math.ceil(maxMs / blockMs));
  const bytes = (blocks: number) => Math.round(blocks * perBlock * bytesPerTrial);
  return { min: bytes(Math.min(minBlocks + 1, most)), max: bytes(most) };
}
