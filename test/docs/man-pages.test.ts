import { execa } from 'execa';
import { expect, test } from 'vitest';
import { manPages } from '../../scripts/man-pages.ts';
import { canRun } from '../../src/cli/command.ts';
import { loadCommands } from '../../src/cli/program.ts';

const commands = await loadCommands();
const pages = manPages(commands, '1.2.3');
const shown = commands.filter(canRun);
const pageOf = (name: string) => pages.get(`ocibench-${name.split(' ')[0]}.1`) ?? '';

/** Words of a page as they were before they were made literal for groff. */
const read = (page: string) => page.replaceAll('\\-', '-');

test('each command that the help has stands in the page of its first word, and no other has a page', () => {
  const first = new Set(shown.map(({ name }) => `ocibench-${name.split(' ')[0]}.1`));
  expect([...pages.keys()].toSorted()).toEqual(['ocibench.1', ...first].toSorted());
  for (const { name } of shown) expect(read(pageOf(name)), name).toContain(`\\fBocibench ${name} [options]`);
});

test('a page has every option of its commands', () => {
  for (const { name, options = [] } of shown)
    for (const { flags } of options)
      expect(read(pageOf(name)), `${name} ${flags}`).toContain(`\\fB${flags.split(/ (?=<)/)[0]}\\fR`);
});

test('ocibench(1) names every other page', () => {
  const all = [...pages.keys()].filter((file) => file !== 'ocibench.1');
  const named = [...read(pages.get('ocibench.1') ?? '').matchAll(/\\fB(ocibench-[a-z-]+)\\fR\(1\)/g)];
  expect(named.map(([, name]) => `${name}.1`).toSorted()).toEqual(all.toSorted());
});

test.each([...pages])('%s is ASCII, and groff has nothing to warn about', async (file, page) => {
  expect(page).toMatch(/^[\n -~]+$/);
  const { stdout, stderr } = await execa('groff', ['-man', '-ww', '-Tutf8', '-P-cbou'], { input: page });
  expect(stderr).toBe('');
  expect(stdout.replaceAll('\u2212', '-')).toContain(file.replace('.1', ''));
});

test('ocibench(1) says what exit codes mean', () => {
  expect(pages.get('ocibench.1')).toContain('.SH EXIT STATUS\n.TP\n\\fB0\\fR');
  expect(pages.get('ocibench.1')).toContain('\\fB130\\fR');
});
