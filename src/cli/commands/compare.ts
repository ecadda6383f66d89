import type { CompareFlags } from '../../app/compare.ts';
import { messages } from '../../messages/define.ts';
import { exitCodes } from '../../model/error.ts';
import { defineCommand } from '../command.ts';
import { options } from '../options.ts';
import type { PrintFlags } from '../print-run.ts';

const words = messages('help.compare', {
  summary: 'what changed from one run to another? exit 1 where something got worse',
  run: 'a run id, a path, or latest',
  accept: 'go on although these differ, e.g. host.kernel,runtimes.runsc.sha256; or all',
  out: 'where results/ is (default: this directory)',
});

/** `ocibench compare BEFORE AFTER` */
export const command = defineCommand<CompareFlags & PrintFlags>({
  name: 'compare',
  order: 80,
  words: words.summary,
  arguments: [
    { name: '<before>', words: words.run },
    { name: '<after>', words: words.run },
  ],
  options: [
    { flags: '--accept <keys>', words: words.accept },
    { flags: '--out <dir>', words: words.out },
    options.namedConfig,
    options.forPrograms,
  ],
  async run({ app, terminal }, flags, [before = '', after = '']) {
    const { hasRegression } = await import('../../analyze/compare-runs.ts');
    const { compareStoredRuns } = await import('../../app/compare.ts');
    const { runComparisonTable } = await import('../../report/run-comparison-table.ts');
    const { found, lang } = await compareStoredRuns(app, { before, after }, flags);
    if (flags.json) terminal.json(found);
    else terminal.result(runComparisonTable(found, lang));
    return hasRegression(found) ? exitCodes.someFailed : exitCodes.ok;
  },
});
