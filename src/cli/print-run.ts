import { join } from 'node:path';
import type { OutputDirectories, RunConclusion } from '../app/measure/conclude.ts';
import type { MeasureResult } from '../app/measure/measure.ts';
import { shellWord } from '../core/messages/command.ts';
import { messages } from '../core/messages/define.ts';
import type { Lang } from '../core/messages/message.ts';
import type { GateReport } from '../core/model/analysis/gate.ts';
import type { ExitCode } from '../core/model/failure/error.ts';
import { tableWidth } from '../report/renderers/terminal.ts';
import { terminalTable } from '../report/tables/terminal-summary.ts';
import { printGate } from './print-gate.ts';
import type { Terminal } from './terminal.ts';

const words = messages('printed', {
  report: 'report   {file}  (and report.md)',
  reportLater: 'report   not written yet; to write it and the charts:  @(report {run})',
  reportElsewhere: 'report   not written yet; to write it and the charts here:  @(report {run} --out .)',
  numbers: 'numbers  {file}  (and measurements.csv, analysis.json)',
  charts: 'charts   {directory}',
});

/** Flags that choose how results are printed. */
export interface PrintFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** False with `--set report=false`. */
  readonly report?: boolean;
  /** `--set`, as typed. */
  readonly set?: readonly string[];
}

/** Prints the table, or the analysis as JSON, on stdout. */
export function printConclusion(
  terminal: Terminal,
  { run, analysis }: Pick<RunConclusion, 'run' | 'analysis'>,
  place: OutputDirectories | null,
  options: {
    readonly lang: Lang;
    readonly json: boolean;
    readonly report?: boolean;
    readonly gate?: GateReport | undefined;
    /** The name that the user gave, where the report has no directory yet. */
    readonly named?: string;
  },
): void {
  const { lang, json, report = true, gate, named = run.runId } = options;
  if (json) {
    terminal.json(gate === undefined ? analysis : { ...analysis, gate });
    return;
  }
  const width = terminal.resultWidth(tableWidth);
  terminal.paintedResult(
    terminalTable({ run, analysis, lang, paint: terminal.paintResult, width, isArchive: place === null }),
  );
  if (place === null) {
    terminal.result(terminal.say(words.reportElsewhere({ run: shellWord(named) })));
    return;
  }
  const numbers = words.numbers({ file: join(place.results, 'summary.csv') });
  const files = report
    ? [
        words.report({ file: join(place.results, 'report.html') }),
        numbers,
        words.charts({ directory: place.charts }),
      ]
    : [words.reportLater({ run: run.runId }), numbers];
  if (gate !== undefined) printGate(terminal, gate);
  terminal.result(files.map((file) => terminal.say(file)).join('\n'));
}

/** Prints the result of a run; returns its exit code. */
export function printMeasured(terminal: Terminal, measured: MeasureResult, flags: PrintFlags): ExitCode {
  const { concluded, kept, advice, gate, exitCode } = measured;
  if (concluded !== null) {
    const { run, conclusion, place } = concluded;
    printConclusion(terminal, { ...conclusion, run }, place, {
      lang: run.config.lang,
      json: flags.json ?? false,
      report: flags.report ?? true,
      gate,
    });
  }
  if (kept !== null) terminal.log(kept);
  if (advice !== null) terminal.warn(advice);
  return exitCode;
}
