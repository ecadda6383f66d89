import type { CompareFlags } from '../../app/compare.ts';
import { messages } from '../../core/messages/define.ts';
import { exitCodes } from '../../core/model/failure/error.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { options } from '../options.ts';
import type { PrintFlags } from '../print-run.ts';

const words = messages('help.compare', {
  summary: 'compare two runs; exit 1 if something got worse',
  before:
    'a run id, a path, an archive, "latest", or "reference" (the published run that comes with a clone of the source repository); if omitted, compare the two newest runs',
  newest: 'the newest run with the one before it',
  kernels: 'two runs on different kernels',
  after: 'same forms as [before]; if only [before] is given, it is compared with the run that preceded it',
  accept:
    'compare despite these differences, e.g. host.kernel,runtimes.runsc.sha256; "all" accepts every difference',
  sessions:
    'combined.json written by fleet combine; differences within the variation between its sessions do not count as changes',
});

/** `ocibench compare [BEFORE] [AFTER]` */
export const command = defineCommand<CompareFlags & PrintFlags>({
  name: 'compare',
  order: 34,
  words: words.summary,
  group: helpGroups.read,
  arguments: [
    { name: '[before]', words: words.before },
    { name: '[after]', words: words.after },
  ],
  options: [
    { flags: '--accept <keys>', words: words.accept },
    { flags: '--sessions <file>', words: words.sessions },
    options.in,
    options.namedConfig,
    options.forPrograms,
  ],
  examples: [
    { line: 'compare', words: words.newest },
    { line: 'compare 20260101-120000-abcd latest --accept host.kernel', words: words.kernels },
  ],
  async run({ app, terminal }, flags, names) {
    const { hasRegression } = await import('../../core/analyze/runs/compare-runs.ts');
    const { compareStoredRuns } = await import('../../app/compare.ts');
    const { runComparisonTable } = await import('../../report/tables/run-comparison-table.ts');
    const { runPair } = await import('../../app/measure/past-runs.ts');
    const { commandApart } = await import('../apart.ts');
    const { before, after } = await runPair(app, names, flags);
    const apart = await commandApart({ app }, [before, after], flags.in);
    if (apart !== null) return apart;
    const { found, gate, lang } = await compareStoredRuns(app, names, flags);
    if (flags.json) terminal.json(gate === null ? found : { ...found, gate });
    else terminal.result(runComparisonTable(found, lang));
    const exitCode = hasRegression(found) ? exitCodes.someFailed : exitCodes.ok;
    if (gate === null) return exitCode;
    const { gatedExitCode } = await import('../../app/measure/gates.ts');
    const { printGate } = await import('../print-gate.ts');
    if (!flags.json) printGate(terminal, gate);
    return gatedExitCode(exitCode, gate.verdict);
  },
});
