import { runStatus } from '../../core/analyze/rows/empty-row.ts';
import type { RunRequest } from '../../core/config/command-line.ts';
import { presetDefaults } from '../../core/config/presets.ts';
import { measurableCells } from '../../core/measure/schedule/cells.ts';
import { splitNames, untilNames } from '../../core/measure/schedule/until.ts';
import { listed } from '../../core/messages/compose.ts';
import { notices, reasons } from '../../core/messages/define.ts';
import { misuse, problemOf, refusal } from '../../core/model/failure/error.ts';
import type { Extension, RunRecord } from '../../core/model/run/run.ts';
import { comparedProfile } from '../../core/model/runtime/container-profile.ts';
import { type Cell, cellKey } from '../../core/model/trial/cell.ts';
import type { Workload } from '../../core/model/workload/workload.ts';
import type { StoredRun } from '../../core/store/run-directory.ts';

const text = notices('extend', {
  unknown: 'run {run} cannot continue with everything that --until names',
  notFinished: 'run {run} is not finished, and only a finished run can continue with chosen comparisons',
  noRun: '--until chooses comparisons of a finished run, but no run is named',
});
const why = reasons('extend', {
  noCell: { message: 'was not compared with the baseline in this run', fix: 'choose from: {names}' },
  unfinished: { message: 'it is {status}', fix: 'finish it first:  @(run --resume {run})' },
  alone: { message: 'has no effect alone', fix: 'name the run:  @(run --resume RUN --until CELL)' },
});

type UntilRequest = RunRequest & { readonly until: readonly string[] };

/** Does the command extend a run with chosen cells? OcibenchError (exit 2) where it names cells but no run. */
export function choosesCells(request: RunRequest): request is UntilRequest {
  if (request.until === undefined) return false;
  if (request.resume !== undefined) return true;
  throw refusal(text.noRun, { file: '--until', key: request.until.join(',') }, why.alone);
}

/** OcibenchError (exit 2) where the run is not finished: its own blocks come first. */
export function refuseUnfinished({ runId, status }: RunRecord): void {
  if (status === 'complete') return;
  throw refusal(
    text.notFinished({ run: runId }),
    { file: '--resume', key: runId },
    why.unfinished({ status: runStatus[status], run: runId }),
  );
}

/**
 * The record of a finished run that is extended with the cells of `--until`, before their first block. OcibenchError (exit 2)
 * with every unknown name.
 */
export function extended(
  stored: StoredRun,
  request: UntilRequest,
  workloads: readonly Workload[],
  startedAt: string,
): StoredRun {
  const { run, blocks } = stored;
  const { baseline, preset } = run.config;
  const cells = measurableCells(run.subjects, run.runtimes, baseline, workloads, {
    profiles: run.config.profiles,
    engines: run.config.engines,
  });
  const { until, blocks: range, maxTime } = request;
  const extension: Extension = {
    fromBlock: blocks.length,
    startedAt,
    cells: chosenCells(run, until, cells).map(cellKey),
    maxTimeMs: maxTime ?? presetDefaults[preset].maxTimeMs,
    ...(range === undefined ? {} : { blocks: range }),
  };
  const extensions = [...(run.extensions ?? []), extension];
  return {
    ...stored,
    run: { ...run, status: 'running', stopReason: null, finishedAt: null, extensions },
  };
}

/** The cells that these names mean, each once, in the run's order. */
function chosenCells(run: RunRecord, until: readonly string[], cells: readonly Cell[]): readonly Cell[] {
  const names = untilNames(cells, run.subjects, run.config.baseline, comparedProfile(run.config));
  const known = new Set(names.keys());
  const asked = until.flatMap((each) => splitNames(each, known));
  const unknown = asked.filter((name) => !names.has(name));
  if (asked.length > 0 && unknown.length === 0) {
    const chosen = new Set(asked.flatMap((name) => names.get(name) ?? []));
    return cells.filter((cell) => chosen.has(cell));
  }
  throw misuse(
    text.unknown({ run: run.runId }),
    (asked.length === 0 ? until : unknown).map((key) =>
      problemOf({ file: '--until', key }, why.noCell({ names: listed(choices(key, [...names.keys()])) })),
    ),
  );
}

/** Suggestions for an unknown `name`: the names of its workload or category, or else all categories. */
function choices(name: string, known: readonly string[]): readonly string[] {
  const before = name.replace(/[?:].*$/s, '');
  const near = known.filter((other) => before !== '' && other.startsWith(before));
  return near.length > 0 ? near : known.filter((other) => !other.includes('/'));
}
