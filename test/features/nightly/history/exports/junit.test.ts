import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlDocument, XmlElement, XsdValidator } from 'libxml2-wasm';
import { afterAll, describe, expect, test } from 'vitest';
import { junit } from '../../../../../src/features/nightly/history/exports/junit.ts';
import { junitXml, type TestCase } from '../../../../../src/report/renderers/junit.ts';
import { alarmLine, headlineLine, nightLine } from '../../../../support/history-lines.ts';
import { contentOf, day, hostile, nights, sourceOf } from './history.ts';

const schema = XmlDocument.fromString(readFileSync(join(import.meta.dirname, 'junit.xsd'), 'utf8'));
const validator = XsdValidator.fromDoc(schema);
afterAll(() => {
  validator.dispose();
  schema.dispose();
});

interface Case {
  readonly name: string;
  readonly outcome: string;
  readonly message: string;
}

/** The cases of a file that consumers read. Throws where it is not valid. */
function casesOf(xml: string): readonly Case[] {
  using document = XmlDocument.fromString(xml);
  validator.validate(document);
  return document.find('//testcase').map((element) => {
    const child = element.get('skipped|error|failure');
    return {
      name: element.get('@name')?.content ?? '',
      outcome: child instanceof XmlElement ? child.name : 'passed',
      message: child?.get('@message')?.content ?? '',
    };
  });
}

const series = headlineLine(day(0)).series;
const moved = (direction: 'worse' | 'better' | 'other', night: string) => [alarmLine(night, { direction })];
const figures = (count: number, factor: number) => [
  ...nights(20),
  ...Array.from({ length: count }, (_, n) => [
    headlineLine(day(20 + n), { estimate: factor, logError: 0.01 }),
    nightLine(day(20 + n)),
  ]).flat(),
];
const outcomes = (source: Parameters<typeof junit>[0]) =>
  casesOf(contentOf(junit(source))).map(({ name, outcome }) => `${name}: ${outcome}`);

test('the schema refuses what is not of JUnit', () => {
  const xml = contentOf(junit(sourceOf(nights(1))));
  for (const [was, is] of [
    ['failures="0"', ''],
    ['time="0.000"', 'time="1e-3"'],
    ['02:00:00"', '02:00:00Z"'],
    ['</testsuite>', '<x/></testsuite>'],
  ] as const)
    expect(() => casesOf(xml.replace(was, is)), is).toThrow();
});

test('a series that is as before passes', () => {
  expect(outcomes(sourceOf(nights(20)))).toEqual(['the night was measured: passed', `${series}: passed`]);
});

test('a series fails while a change to the worse stands that nobody has accepted', () => {
  const open = moved('worse', day(20));
  const cases = casesOf(contentOf(junit(sourceOf(figures(3, 1.2), { open }))));
  expect(cases[1]).toMatchObject({ name: series, outcome: 'failure' });
  expect(cases[1]?.message).toMatch(/^\+\d+\.\d%, alarm 2026-01-21\/1$/);
});

test('a suspect is skipped, and passes once its rerun confirms nothing', () => {
  expect(outcomes(sourceOf(figures(3, 1.2)))).toContain(`${series}: skipped`);
  const rerun = headlineLine(day(20), { stage: 'confirmation', estimate: 1.05, logError: 0.004, df: 59 });
  const lines = [...figures(1, 1.06), rerun, nightLine(day(20), { stage: 'confirmation' })];
  expect(outcomes(sourceOf(figures(1, 1.06)))).toContain(`${series}: skipped`);
  const said = contentOf(junit(sourceOf(lines)));
  expect(outcomes(sourceOf(lines))).toContain(`${series}: passed`);
  expect(said).toContain('suspect, not confirmed');
});

test('a night that could not tell is skipped, never a pass', () => {
  const wide = [...nights(20), headlineLine(day(20), { estimate: 0.8, logError: 0.6 }), nightLine(day(20))];
  const cases = casesOf(contentOf(junit(sourceOf(wide))));
  expect(cases[1]).toMatchObject({ name: series, outcome: 'skipped' });
  expect(cases[1]?.message).toMatch(/^inconclusive: [-−]\d+\.\d% to \+\d+\.\d% relative to its level$/);
});

test('a change to the better passes', () => {
  const open = moved('better', day(20));
  expect(outcomes(sourceOf(figures(3, 0.8), { open }))).toContain(`${series}: passed`);
});

test('what neither direction is better of fails', () => {
  const either = figures(3, 0.8).map((line) =>
    line.kind === 'headline' ? { ...line, better: 'neither' as const } : line,
  );
  expect(outcomes(sourceOf(either, { open: moved('other', day(20)) }))).toContain(`${series}: failure`);
});

test('a series whose level is not known yet is skipped', () => {
  expect(outcomes(sourceOf(nights(3)))).toContain(`${series}: skipped`);
});

test('a series that was not measured tonight is skipped', () => {
  const other = { series: 'crun ÷ crun-pin startup/echo startup.total', runtime: 'crun' };
  const lines = [...nights(20, [{}, other]), headlineLine(day(20)), nightLine(day(20))];
  expect(outcomes(sourceOf(lines))).toContain(`${other.series}: skipped`);
});

test.each([
  ['skipped', 'skipped'],
  ['failed', 'error'],
  ['interrupted', 'error'],
] as const)('a night that was %s is %s, and tells nothing of older ones', (status, outcome) => {
  const night = nightLine(day(20), { run: null, status, reason: 'no <engine>', headlines: 0 });
  const cases = casesOf(contentOf(junit(sourceOf([...nights(20), night]))));
  expect(cases).toEqual([{ name: 'the night was measured', outcome, message: `${status}: no <engine>` }]);
});

test('a host without a night has no file', () => {
  expect(junit(sourceOf([])).content).toBeNull();
});

describe('whatever is quoted', () => {
  test('the file stays valid, with every case', () => {
    const lines = nights(
      2,
      hostile.map((name) => ({ series: name, runtime: name })),
    );
    const unread = [{ file: 'f', line: 1, said: hostile.join('\n') }];
    expect(casesOf(contentOf(junit(sourceOf(lines, { unread }))))).toHaveLength(hostile.length + 1);
  });

  test.each(hostile)('%j', (text) => {
    const made: TestCase = {
      name: text,
      classname: text,
      output: text,
      outcome: { kind: 'failure', message: text, type: text, text },
    };
    const suite = { name: text, at: '2026-01-01T02:00:00.000Z', seconds: 1e-7, cases: [made], remarks: text };
    expect(casesOf(junitXml([suite]))).toMatchObject([{ outcome: 'failure' }]);
  });
});
