import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blocksForInterval } from '../../src/core/analyze/claims/looks.ts';
import { presetDefaults } from '../../src/core/config/presets.ts';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { chooseSubjects } from '../../src/core/measure/schedule/choice.ts';
import { parsesCommand } from '../support/parses-command.ts';

const read = (lang: 'en' | 'fr') =>
  readFileSync(join(import.meta.dirname, `../../docs/lab/${lang}.md`), 'utf8');
const sheets = { en: read('en'), fr: read('fr') };
const languages = ['en', 'fr'] as const;

/** Every line of a shell block, and every piece of code in the text that calls ocibench, as its arguments. */
function ocibenchCommands(sheet: string): readonly (readonly string[])[] {
  const found = sheet.matchAll(/(?:^|`)(?:sudo )?\.\/ocibench ([^\n`]*)/gm);
  return [...found].map(([, rest = '']) => rest.trim().split(/\s+/));
}

const headings = (sheet: string) => [...sheet.matchAll(/^(#+) (\d+\.)?/gm)].map(([, level, n]) => [level, n]);
const questions = (sheet: string) => [...sheet.matchAll(/^- \*\*(Q\d+)\.\*\*/gm)].map(([, name]) => name);

describe.each(languages)('docs/lab/%s.md', (lang) => {
  const shown = ocibenchCommands(sheets[lang]);

  test('shows the commands of the exercise', () => {
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.map((words) => words.join(' '))).toContain(`run --preset lab --lang ${lang}`);
  });

  test.each(shown.map((words) => [words.join(' '), words] as const))(
    'ocibench %s is a command of the CLI',
    async (_text, words) => {
      await parsesCommand(words);
    },
  );

  test('its table names the workloads of the preset', async () => {
    const preset = chooseSubjects(await loadWorkloads(), { preset: 'lab', workloads: null });
    const rows = sheets[lang].split('\n').filter((line) => line.startsWith('|'));
    const named = rows.flatMap((line) => [...line.matchAll(/`([a-z]+\/[a-z-]+)`/g)].map(([, id]) => id));
    expect(new Set(named)).toEqual(new Set(preset.map(({ workload }) => workload.id)));
  });

  test('asks its questions in order', () => {
    expect(questions(sheets[lang])).toEqual(questions(sheets[lang]).map((_name, i) => `Q${i + 1}`));
    expect(questions(sheets[lang]).length).toBeGreaterThan(15);
  });
});

test('a command that the CLI does not have would be found', async () => {
  await expect(parsesCommand(['measure', '--preset', 'lab'])).rejects.toThrow();
  await expect(parsesCommand(['run', '--prezet', 'lab'])).rejects.toThrow();
  await expect(parsesCommand(['run', '--preset', 'laboratory'])).rejects.toThrow();
});

test('both sheets have the same structure, questions and commands', () => {
  expect(headings(sheets.fr)).toEqual(headings(sheets.en));
  expect(questions(sheets.fr)).toEqual(questions(sheets.en));
  const plain = (words: readonly string[]) =>
    words
      .join(' ')
      .replace(/--lang (en|fr)/, '--lang L')
      .replace(/\b(PATH|CHEMIN)\b/, 'RUN');
  expect(ocibenchCommands(sheets.fr).map(plain)).toEqual(ocibenchCommands(sheets.en).map(plain));
});

describe('the preset', async () => {
  const subjects = chooseSubjects(await loadWorkloads(), { preset: 'lab', workloads: null });

  test('has all that the exercise asks for, and little more', () => {
    const categories = new Set(subjects.map(({ workload }) => workload.category));
    const asked = ['app', 'cpu', 'io', 'isolation', 'memory', 'startup', 'syscall'];
    expect([...categories].toSorted()).toEqual(asked);
    expect(subjects.length).toBeLessThanOrEqual(12);
    for (const { workload, params } of subjects) expect(workload.container(params).command).not.toEqual([]);
  });

  test('takes the blocks that an interval needs, and therefore every verdict', () => {
    expect(blocksForInterval(0.05)).toBeLessThanOrEqual(presetDefaults.lab.minBlocks);
  });
});
