import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');

test('everything that the README links or shows is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
  const local = links.filter((target) => !/^[a-z]+:/.test(target));
  expect(local.length).toBeGreaterThan(10);
  expect(local.filter((target) => !existsSync(join(root, target)))).toEqual([]);
});

/** Rows of the Markdown tables of a text, as their cells. */
const rowsOf = (text: string) =>
  [...text.matchAll(/^\| (.*) \|$/gm)].map(([, cells = '']) => cells.split(' | ').map((cell) => cell.trim()));

test('the table of the README has the figures of the reference run', () => {
  const matrix = new Map(
    rowsOf(read('results/reference/report.md'))
      .filter(([name = '', ...cells]) => /^`.+`$/.test(name) && cells.length === 7)
      .map(([name = '', ...cells]) => [name.replaceAll('`', ''), cells]),
  );
  const shown = rowsOf(readme).filter(([, cell = '']) => /^\d.*×/.test(cell));
  // Those of the report but the CPU, whose two tests have no common ratio.
  const columns = [0, 1, 2, 3, 5, 6];
  expect(shown.length).toBe(columns.length);
  const alone = ['crun', 'runsc', 'runsc-2024'].map((runtime) => {
    const [, verdict, ratio] = /([a-z ]+) ([\d.]+×) sysbench 1/.exec(matrix.get(runtime)?.[4] ?? '') ?? [];
    return `${ratio}${verdict === 'inconclusive' ? ' (inconclusive)' : ''}`;
  });
  const [first, second, third] = alone;
  expect(readme.replaceAll(/\s+/g, ' ')).toContain(
    `Computing alone (\`cpu/sysbench\`) costs ${first}, ${second} and ${third}.`,
  );
  for (const [at, runtime] of ['crun', 'runsc', 'runsc-2024'].entries())
    for (const [category, [name, ...cells]] of shown.entries()) {
      const figure = /^(\S+×) (\[.+\])(\??)$/.exec(cells[at] ?? '');
      const said = matrix.get(runtime)?.[columns[category] ?? Number.NaN] ?? '';
      const where = `${name}, ${runtime}: ${said}`;
      if (figure === null) expect(said, where).toMatch(/^not measurable/);
      else expect(said, where).toContain(`${figure[1]}<br>${figure[2]}`);
      expect(figure?.[3] === '?', where).toBe(/^(not decided|inconclusive)/.test(said));
    }
});

test.each([
  ['results/reference', 10],
  ['results/reference-layers', 5],
])('the pictures in the report of %s are there', (directory, least) => {
  const pictures = [...read(join(directory, 'report.md')).matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)];
  expect(pictures.length).toBeGreaterThan(least);
  for (const [, target = ''] of pictures)
    expect(existsSync(join(root, directory, target)), target).toBe(true);
});
