import { expect, test } from 'vitest';
import { parseYamlText } from '../../../../src/features/capacity/plan/yaml-text.ts';

const problemsOf = (source: string) => {
  const parsed = parseYamlText(source, 'services.yaml');
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
};

test('reads YAML 1.2, with anchors that a person would write', () => {
  const parsed = parseYamlText('a: &x { b: 1 }\nc: *x\nd: no\ne: 0o17\n', 'f');
  expect(parsed).toEqual({ ok: true, value: { a: { b: 1 }, c: { b: 1 }, d: 'no', e: 15 } });
});

test('names every error with its place', () => {
  const said = problemsOf('a: 1\na: 2\nb: "open\n');
  expect(said[0]).toMatch(/^line 2, column 1: Map keys must be unique/);
  expect(said.length).toBeGreaterThan(1);
});

test('a tag makes nothing', () => {
  expect(problemsOf('a: !!js/function "x"\n')[0]).toMatch(/^line 1, column 4: Unresolved tag/);
});

test('aliases of aliases do not grow without end', () => {
  const levels = Array.from({ length: 12 }, (_, i) =>
    i === 0
      ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
      : `a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`,
  );
  expect(problemsOf(levels.join('\n'))).toEqual([
    'not usable as YAML: its aliases expand to more than 100 copies',
  ]);
});

test.each([
  ['lists', '['.repeat(60_000)],
  ['maps', `a: ${'{a: '.repeat(25_000)}1`],
  ['dashes', '- '.repeat(60_000)],
  ['keys', '? '.repeat(60_000)],
  ['lists on lines of their own', `${'-\n '.repeat(30_000)}`],
])('deep nesting is refused before it is parsed: %s', (_, source) => {
  expect(problemsOf(source)).toEqual(['not usable as YAML: nested too deeply']);
});

test('a file that nobody wrote by hand is refused before it is parsed', () => {
  expect(problemsOf(`a: ${'x'.repeat(600_000)}`)).toEqual(['is larger than 128 KiB']);
});

test('a key cannot become the prototype of what is read', () => {
  const parsed = parseYamlText('__proto__: { polluted: 1 }\n', 'f');
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
  expect(parsed.ok && Object.keys(parsed.value as object)).toEqual(['__proto__']);
});
