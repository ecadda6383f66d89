import { describe, expect, test } from 'vitest';
import { reportContext } from '../../src/report/context.ts';
import type { MatrixBlock } from '../../src/report/document/document.ts';
import { formatRatio } from '../../src/report/document/format.ts';
import { plain } from '../../src/report/renderers/terminal-text.ts';
import { renderTexts } from '../../src/report/report.ts';
import { findingSentence } from '../../src/report/sections/introduction/finding.ts';
import { categoryMatrix } from '../../src/report/sections/introduction/matrix.ts';
import { type LayeredOptions, layeredRun, partTimes } from '../support/layered-run.ts';

const report = (options: LayeredOptions = {}, lang: 'en' | 'fr' = 'en') => {
  const input = layeredRun(options);
  const files = renderTexts({ ...input, trials: [], lang, svgs: {}, chartsHref: '../../charts/r' });
  return (files.find(({ path }) => path === 'report.md')?.content ?? '')
    .replaceAll('\u00a0', ' ')
    .replaceAll(/\\([[\]])/g, '$1');
};
const title = 'Where the time of a start goes';
const lines = (text: string, start: RegExp) => text.split('\n').filter((line) => start.test(line));
const keeps = (text: string) => lines(text, /starts [\d.]+× .*as fast as/);

describe('the layers of a start in a report', () => {
  test('a table of what each layer adds under each runtime, its sum, the whole, and what stands beside', () => {
    const text = report();
    expect(text).toContain(`## ${title}`);
    for (const name of ['process', 'namespaces and root', 'OCI runtime', 'containerd and shim'])
      expect(lines(text, new RegExp(`^\\| ${name} \\|`)), name).toHaveLength(2);
    const [dockerd = ''] = lines(text, /^\| dockerd \|/);
    expect(dockerd.match(/\+[\d.]+ ms \[/g)).toHaveLength(3);
    expect(lines(text, /^\| measured through Docker 26\.1 \|/)).toHaveLength(2);
    expect(lines(text, /^\| for comparison: Podman \|/)).toHaveLength(2);
    expect(lines(text, /^\| plus the default bridge/)).toHaveLength(2);
  });

  test('that AppArmor confines through Docker only is said where it does', () => {
    const said = (layers: NonNullable<LayeredOptions['layers']>, securityModule: 'apparmor' | 'none') => {
      const input = layeredRun({ layers });
      const engine = { ...input.run.engine, conditions: { securityModule } };
      const files = renderTexts({
        ...input,
        run: { ...input.run, engine },
        trials: [],
        lang: 'en',
        svgs: {},
        chartsHref: '../../charts/r',
      });
      return files.some(({ content }) => content.includes('AppArmor confines each container'));
    };
    expect(said(['containerd', 'docker'], 'apparmor')).toBe(true);
    expect(said(['oci', 'docker'], 'apparmor')).toBe(true);
    expect(said(['oci', 'docker'], 'none')).toBe(false);
    expect(said(['floor', 'docker'], 'apparmor')).toBe(false);
  });

  test('in short says what a runtime is alone, and what an engine leaves of it', () => {
    const [line = '', ...more] = keeps(report());
    expect(line).toMatch(
      /^- Called directly, crun starts [\d.]+× \[[\d.]+, [\d.]+\] as fast as runc, saving \d+% of the time; through Docker 26\.1, it saves \d+% \[\d+%, \d+%\]\.$/,
    );
    // In short, and in the section.
    expect(more).toEqual([line]);
    const alone = partTimes.process + partTimes.namespaces;
    const { crun = 0, runc = 0 } = partTimes.runtime;
    const saved = Number(/saving (\d+)% of/.exec(line)?.[1]);
    expect(saved).toBeCloseTo(100 * (1 - (alone + crun) / (alone + runc)), -1);
    expect(
      lines(
        report(),
        /^- Called directly, runsc takes [\d.]+× .* as long as runc to start; through Docker 26\.1, /,
      ),
    ).toHaveLength(2);
  });

  test('the first sentence is of the layers: where a runtime differs most, and where least', () => {
    const context = reportContext({
      ...layeredRun({ layers: ['oci', 'containerd', 'docker'] }),
      trials: [],
      lang: 'en',
    });
    const said = findingSentence(context).text;
    expect(said).toMatch(
      /^Compared with runc in starting and stopping, crun costs 0\.\d+× when called directly and 0\.\d+× for echo network=bridge through Docker( \([a-z ]+\))?; runsc costs \d\.\d+× when called directly and \d\.\d+× for echo network=bridge through Docker\.$/,
    );
    // Two tests through Docker have no common ratio: the sentence names the one that it is of.
    const numbers = [...said.matchAll(/([\d.]+)×/g)].map(([, ratio]) => Number(ratio));
    const [crunAlone = 0, crun = 0, runscAlone = 0, runsc = 0] = numbers;
    // What engines add dilutes what runtimes differ by.
    expect(crun).toBeGreaterThan(crunAlone);
    expect(runsc).toBeLessThan(runscAlone);
    const single = reportContext({ ...layeredRun({ layers: ['docker'] }), trials: [], lang: 'en' });
    expect(findingSentence(single).text).not.toContain('through');
  });

  test('the matrix has a column for each layer and engine, each with its own ratio', () => {
    const engines = { 'docker-26': 70, 'docker-28': 40 };
    const input = layeredRun({ layers: ['oci', 'containerd', 'docker'], engines });
    const context = reportContext({ ...input, trials: [], lang: 'en' });
    const [block] = categoryMatrix(context);
    const { columns, rows } = block as MatrixBlock;
    expect(columns.map(({ title }) => title).toSorted()).toEqual([
      'containerd',
      'docker-26',
      'docker-28',
      'runtime alone',
    ]);
    for (const { about } of columns) expect(about).toBe('Startup');
    for (const { runtime, cells } of rows) {
      expect(cells).toHaveLength(columns.length);
      for (const [at, { title }] of columns.entries()) {
        const place = title === 'runtime alone' ? 'oci' : title;
        const own = (input.analysis.categories ?? []).find(
          (one) => one.runtime === runtime && (one.engine ?? one.layer) === place,
        );
        const said = cells[at]?.lines.map((line) => plain(line)) ?? [];
        expect(said.join(' ')).not.toMatch(/layer|engine/);
        // Through an engine there are two tests, which have no common ratio: each has its own.
        const tests = input.analysis.rows.filter(
          (row) => row.headline && row.runtime === runtime && (row.engine ?? row.layer) === place,
        );
        expect(own === undefined).toBe(tests.length === 2);
        if (own !== undefined) expect(said[0]).toContain(formatRatio(own.cost, 'en'));
        else
          expect(said.map((line) => / ([\d.]+×) echo( bridge)?$/.exec(line)?.[1]).toSorted()).toEqual(
            tests.map(({ ratio }) => formatRatio(ratio ?? 0, 'en')).toSorted(),
          );
      }
    }
  });

  test('what the data do not show is not said', () => {
    const twins = { runc: 'runc', crun: 'crun' };
    // dockerd that takes seconds leaves a difference that cannot be told from none.
    const [diluted = ''] = keeps(report({ engines: { slow: 4_000 }, runtimes: Object.keys(twins) }));
    expect(diluted).toMatch(/through slow: (no difference within ±5%|inconclusive) \(/);
    expect(diluted).not.toContain('it saves');
    expect(keeps(report({ layers: ['docker', 'containerd'] }))).toEqual([]);
    expect(keeps(report({ blocks: 3 }))).toEqual([]);
  });

  test('floors have a table of their own, and are no runtimes of the report', () => {
    const text = report({ layers: ['floor', 'docker'], bridge: false });
    expect(lines(text, /^\| `(fork|chroot|unshare|bwrap|nspawn)` \|/)).toHaveLength(5);
    expect(lines(text, /layer.floor/)).toEqual([]);
    expect(lines(text, /^\*\*(fork|unshare)/)).toEqual([]);
  });

  test('a run of one layer says nothing of layers', () => {
    expect(report({ layers: ['docker'] })).not.toContain(title);
  });

  test('in French', () => {
    const text = report({}, 'fr');
    expect(text).toContain('## Où passe le temps d’un démarrage');
    expect(
      lines(text, /^- Appelé directement, crun démarre .* par Docker 26\.1, le gain est de /),
    ).toHaveLength(2);
  });
});
