import { join, resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import type { Configuration } from '../../../../app/measure/configuration.ts';
import type { ReadFlags } from '../../../../app/measure/past-runs.ts';
import type { RunFlags, RunRequest } from '../../../../core/config/command-line.ts';
import type { BenchConfig } from '../../../../core/config/define-config.ts';
import { parseDuration, parseList, parseShare } from '../../../../core/config/quantities.ts';
import { listed } from '../../../../core/messages/compose.ts';
import { notices, type Reason, reasons } from '../../../../core/messages/define.ts';
import { misuse, type Problem, problemOf } from '../../../../core/model/failure/error.ts';
import { pinName } from '../../../../core/model/names.ts';
import { enginesOf } from '../../../../core/model/run/run.ts';
import { type ExportFormat, exportFormats } from '../../history/export-format.ts';
import { fewestToLearn } from '../../history/learning.ts';
import { type NotifyCommand, notifyCommand } from '../notify/command.ts';
import { pinnedNames } from '../pins/pinned-copies.ts';

const afterSettingsWhy = reasons('nightly', {
  format: { message: "''{value}'' is not a format", fix: 'choose from: {formats}' },
});

/** Settings of the steps after a night: notification and exports. */
export interface AfterSettings {
  /** Command that is notified of alarms; null: none. */
  readonly notify: NotifyCommand | null;
  /** Export formats, and the directory they are written to. */
  readonly exports: { readonly formats: readonly ExportFormat[]; readonly directory: string };
}

/** Flags of those steps, as typed. */
interface AfterFlags {
  readonly notify?: string;
  readonly exports?: string;
}

const isFormat = (name: string): name is ExportFormat => exportFormats.some((each) => each === name);

/** Merges flags over the configuration. `complain` receives each problem; `standard`: default directory of the exports. */
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
    if (!isFormat(value))
      complain('--exports', afterSettingsWhy.format({ value, formats: listed(exportFormats) }));
  const to = nightly.exportsTo ?? place.standard;
  return {
    notify: isCommand ? notify : null,
    exports: { formats: formats.filter(isFormat), directory: resolve(place.workingDirectory, to) },
  };
}

const text = notices('nightly', { unusable: 'this night cannot be measured' });
const why = reasons('nightly', {
  nothingPinned: {
    message: 'no runtime is pinned; a night compares each runtime with its pinned copy',
    fix: 'pin the baseline and each runtime to watch:  @(nightly pin {baseline})',
  },
  notPinned: { message: 'is not pinned', fix: '@(nightly pin {runtime})' },
  duration: { message: "must be a duration, but is ''{value}''", fix: 'for example {example}' },
  duet: {
    message: 'in duets, the baseline has no figures of its own to follow over the nights',
    fix: 'measure a night without duet',
  },
  engines: {
    message: 'a night measures one engine',
    fix: 'use a configuration with one engine, or none:  --config FILE',
  },
});

/** Keys of `--set` that flags of a night stand for. */
export const nightlyKeys = { notify: 'nightly.notify', exports: 'nightly.exports' } as const;

/** Flags of `ocibench nightly`, as typed. */
export interface NightlyFlags extends RunFlags, AfterFlags {
  /** Of `nightly learn`: how long to measure. */
  readonly for?: string;
  readonly history?: string;
}

/** Settings of a night: what it measures, and where it writes. */
export interface NightlySettings extends AfterSettings {
  /** Runtimes that are measured against their pinned copies, including the baseline. */
  readonly watched: readonly string[];
  /** The run of the night. */
  readonly run: RunRequest;
  /** Whether levels are to be learnt, from all blocks that the time suffices for. */
  readonly learning: boolean;
  /** Time limit of the measurement that confirms, ms. */
  readonly confirmTimeMs: number;
  /** `--out`. */
  readonly out: string;
  readonly history: string;
  readonly results: string;
  readonly keepRuns: number;
  /** CPU use by others above which the host is busy, as a share of all CPUs. */
  readonly loadLimit: number;
}

const defaults = {
  confirmTime: '15m',
  keepRuns: 30,
  loadLimit: '10%',
} as const;

/** Defaults that differ from `run`'s. The precision is tight so that small changes are found; the time limit ends the night. */
const runDefaults = { preset: 'standard', precision: 0.01 } as const;

/** Half-width of an interval at which a learning series would end, and its most blocks: the time ends the evening. */
const learningPrecision = 0.0001;
const mostToLearn = 200;

/** Label of a run whose value is the directory of its history. */
export const nightlyLabel = 'ocibench-nightly';

/** Label of a run that learns levels in one evening; its value is its time limit, ms. */
export const learningLabel = 'ocibench-nightly-learning';

/** Label of a run whose value is the start of its night. */
export const beganLabel = 'ocibench-night-began';

/** The directories of a history and of its runs: in `--out` of a command that measures, else in `--in`. */
export function historyPlace(
  { environment }: Pick<AppContext, 'environment'>,
  flags: Pick<NightlyFlags, 'out' | 'history'> & Pick<ReadFlags, 'in'>,
): Pick<NightlySettings, 'out' | 'history' | 'results'> {
  const out = resolve(environment.workingDirectory, flags.out ?? flags.in ?? '.');
  const history =
    flags.history === undefined ? join(out, 'history') : resolve(environment.workingDirectory, flags.history);
  return { out, history, results: join(out, 'results') };
}

/**
 * Merges flags over the `nightly` of the configuration over defaults, for the night that began at `began`. OcibenchError (exit
 * 2) with every problem.
 */
export async function nightlySettings(
  app: AppContext,
  flags: NightlyFlags,
  request: RunRequest,
  configuration: Configuration,
  began: string,
): Promise<NightlySettings> {
  const { config } = configuration.resolve(request);
  const { nightly = {} } = configuration.loaded?.config ?? {};
  const { baseline } = config;
  const problems: Problem[] = [];
  const complain = (key: string, reason: Reason) =>
    problems.push(problemOf({ file: 'ocibench nightly', key }, reason));
  const pinned = await pinnedNames();
  const watched = [...new Set([baseline, ...(request.runtimes ?? nightly.runtimes ?? pinned)])];
  if (pinned.length === 0) complain(baseline, why.nothingPinned({ baseline }));
  else
    for (const runtime of watched.filter((name) => !pinned.includes(name)))
      complain(runtime, why.notPinned({ runtime }));
  if (config.duet) complain('duet', why.duet);
  if (enginesOf(config).length > 0) complain('engines', why.engines);
  const confirmTimeMs = parseDuration(nightly.confirmTime ?? defaults.confirmTime);
  const learningMs = flags.for === undefined ? null : parseDuration(flags.for);
  if (flags.for !== undefined && learningMs === null)
    complain('--for', why.duration({ value: flags.for, example: '2h' }));
  const limit = parseShare(nightly.loadLimit ?? defaults.loadLimit);
  const place = historyPlace(app, flags);
  const { workingDirectory } = app.environment;
  const exportsPlace = { workingDirectory, standard: join(place.out, 'exports') };
  const after = await afterSettings(flags, nightly, exportsPlace, complain);
  if (problems.length > 0 || confirmTimeMs === null) throw misuse(text.unusable, problems);
  const { preset, workloads, maxTime } = nightly;
  return {
    watched,
    ...place,
    learning: learningMs !== null,
    confirmTimeMs,
    keepRuns: nightly.keepRuns ?? defaults.keepRuns,
    loadLimit: limit ?? 1,
    ...after,
    run: {
      ...runDefaults,
      ...(preset === undefined ? {} : { preset }),
      ...(workloads === undefined ? {} : { workloads }),
      ...(maxTime === undefined ? {} : { maxTime: parseDuration(maxTime) ?? confirmTimeMs }),
      ...request,
      ...(learningMs === null
        ? {}
        : {
            maxTime: learningMs,
            precision: learningPrecision,
            blocks: request.blocks ?? { min: fewestToLearn, max: mostToLearn },
          }),
      runtimes: [...watched, ...watched.map(pinName)],
      baseline: pinName(baseline),
      labels: {
        ...request.labels,
        [nightlyLabel]: place.history,
        [beganLabel]: began,
        ...(learningMs === null ? {} : { [learningLabel]: String(learningMs) }),
      },
      report: false,
    },
  };
}
