import { describe, expect, test } from 'vitest';
import { charts } from '../../src/report/charts/index.ts';
import { renderTexts } from '../../src/report/report.ts';
import { terminalTable } from '../../src/report/tables/terminal-summary.ts';
import { syntheticRun } from './support.ts';

/** The second arm is no registered runtime; in this run it is slower than the baseline on purpose. */
function twice() {
  const synthetic = syntheticRun({ blocks: 10, runtimes: ['runc', 'runc#2', 'runsc'] });
  const runtimes = synthetic.run.runtimes.filter(({ entry }) => entry.name !== 'runc#2');
  return { ...synthetic, run: { ...synthetic.run, runtimes } };
}

const measured = twice();
const once = syntheticRun({ blocks: 10, runtimes: ['runc', 'runsc'] });
const said = { en: 'runc was also measured a second time', fr: 'runc a aussi été mesuré une seconde fois' };
const differs = {
  en: 'measured twice, differs from itself by more than chance',
  fr: 'mesurée deux fois, diffère d’elle-même plus que par hasard',
};

describe.each(['en', 'fr'] as const)('a run that measured its baseline twice, in %s', (lang) => {
  const texts = (input: typeof measured) =>
    renderTexts({ ...input, lang, svgs: {}, chartsHref: '../charts' });

  test('shows the second arm nowhere but among the measurements', () => {
    for (const { path, content } of texts(measured))
      if (path.endsWith('measurements.csv')) expect(content).toContain('runc#2');
      else expect(content, path).not.toContain('runc#2');
    expect(terminalTable({ ...measured, lang })).not.toContain('runc#2');
    expect(JSON.stringify(charts({ ...measured, lang }))).not.toContain('runc#2');
  });

  test('says so where it says how the numbers came about, and warns where the two differ', () => {
    const report = (input: typeof measured) =>
      texts(input).find(({ path }) => path.endsWith('report.md'))?.content ?? '';
    expect(report(measured)).toContain(said[lang]);
    expect(report(measured)).toContain(differs[lang]);
    expect(report(once)).not.toContain(said[lang]);
  });
});
