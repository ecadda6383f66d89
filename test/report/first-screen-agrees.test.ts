import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const reports = [
  ...globSync('test/golden/report/report.*.md'),
  ...globSync('test/contracts/expected/report.*.md'),
  ...globSync('results/reference*/report.md'),
];

/** A number as either language writes it; `1,000` of English has a comma only before three digits. */
function numberOf(text: string, french: boolean): number {
  const plain = text.replace(/\s/g, '').replace('−', '-');
  return Number(french ? plain.replace(',', '.') : plain.replaceAll(',', ''));
}

const units: Readonly<Record<string, number>> = {
  ns: 1,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  o: 1,
  Kio: 1024,
  Mio: 1024 ** 2,
  Gio: 1024 ** 3,
};
const figure = String.raw`([−-]?\d(?:[\d.,\u00a0\u202f]*\d)?)`;
const unit = String.raw`[ \u00a0\u202f]?(ns|µs|ms|s|B|KiB|MiB|GiB|o|Kio|Mio|Gio)\b`;
const bounds = String.raw`\\?\[${figure}(?:,|\s;) ${figure}\\?\]`;
const ratio = new RegExp(String.raw`${figure}×\s${bounds}`, 'g');
const values = new RegExp(
  String.raw`(?:${figure}×\s${bounds}, )?${figure}${unit} (?:against|contre) ${figure}${unit}(?:, (?:${figure}${unit}(?: \\?\[[^\]]*\])? (less|more|de moins|de plus)|.{0,25}(?:difference|différence) ${figure}${unit}))?`,
  'g',
);

/** Half a unit of the last printed digit (and a little), as a share of the number. */
function rounding(text: string, french: boolean): number {
  const decimals = (french ? /,(\d+)$/ : /\.(\d+)$/).exec(text)?.[1]?.length ?? 0;
  return (0.6 * 10 ** -decimals) / Math.abs(numberOf(text, french));
}

/** What a report says twice and not alike. */
function contradictions(report: string, french: boolean): string[] {
  const of = (text = '') => numberOf(text, french);
  const found: string[] = [];
  for (const [said, value, low, high] of report.matchAll(ratio))
    if (of(value) < of(low) - 0.005 * of(value) || of(value) > of(high) + 0.005 * of(value)) found.push(said);
  for (const match of report.matchAll(values)) {
    const [
      said,
      ,
      low,
      high,
      own = '',
      ownUnit = '',
      base = '',
      baseUnit = '',
      size,
      sizeUnit,
      way,
      diff,
      diffUnit,
    ] = match;
    const [runtime, baseline] = [of(own) * (units[ownUnit] ?? NaN), of(base) * (units[baseUnit] ?? NaN)];
    const slack = rounding(own, french) + rounding(base, french);
    if (low !== undefined) {
      const share = runtime / baseline;
      if (
        share < of(low) * (1 - slack - rounding(low, french)) ||
        share > of(high) * (1 + slack + rounding(high ?? '', french))
      )
        found.push(said);
    }
    const printed =
      size === undefined
        ? of(diff) * (units[diffUnit ?? ''] ?? NaN)
        : of(size) * (units[sizeUnit ?? ''] ?? NaN) * (/less|moins/.test(way ?? '') ? -1 : 1);
    if (
      !Number.isNaN(printed) &&
      Math.abs(runtime - baseline - printed) > slack * Math.max(runtime, baseline)
    )
      found.push(said);
  }
  return found;
}

const cell = new RegExp(`^${figure}${unit}(?:<br>.*?${ratio.source})?$`);

/** Cards of a start whose value beside the baseline's is not in the interval below it. */
function cardsOff(report: string, french: boolean): string[] {
  const rows = report
    .split('\n')
    .filter((line) => /^\| (starts in|CPU (of a|per) start|démarre en|CPU (d’un|par) démarrage)/.test(line));
  return rows.flatMap((row) => {
    const cells = row
      .split(' | ')
      .slice(1)
      .map((each) => cell.exec(each.replace(/ \|$/, '')));
    const valueIn = (found: RegExpExecArray | null | undefined) =>
      numberOf(found?.[1] ?? '', french) * (units[found?.[2] ?? ''] ?? NaN);
    return cells.slice(1).flatMap((found) => {
      if (found?.[4] === undefined) return [];
      const share = valueIn(found) / valueIn(cells[0]);
      const slack = rounding(found[1] ?? '', french) + rounding(cells[0]?.[1] ?? '', french);
      const [low, high] = [numberOf(found[4], french), numberOf(found[5] ?? '', french)];
      const fits = share >= low * (1 - slack) - 0.005 && share <= high * (1 + slack) + 0.005;
      return fits ? [] : [found[0]];
    });
  });
}

describe('numbers that stand side by side agree', () => {
  test.each(reports)('in %s', (path) => {
    const text = readFileSync(path, 'utf8');
    expect(contradictions(text, path.includes('.fr.'))).toEqual([]);
    expect(cardsOff(text, path.includes('.fr.'))).toEqual([]);
    expect(text).toMatch(/^\| CPU (of a start|per start|d’un démarrage|par démarrage) \| \d/m);
    expect([...text.matchAll(values)].length).toBeGreaterThan(0);
  });

  test('the check finds what does not', () => {
    const examined = '0.82× [0.76, 0.89], 148 ms against 162 ms, 30.0 ms [16.7, 38.8] less';
    expect(contradictions(examined, false)).toHaveLength(2);
    expect(
      contradictions('0.82× [0.76, 0.89], 132 ms against 162 ms, 30.0 ms [16.7, 38.8] less', false),
    ).toEqual([]);
    expect(contradictions('0.95× [0.76, 0.89]', false)).toHaveLength(1);
    expect(
      contradictions('0,82× [0,76 ; 0,89], 148 ms contre 162 ms, 30,0 ms [16,7 ; 38,8] de moins', true),
    ).toHaveLength(2);
    expect(contradictions('227 ms against 259 ms, difference −26.1 ms', false)).toHaveLength(1);
  });

  test('a card whose value is not in the interval below it is found', () => {
    const card = (value: string) => `| CPU per start | 131 ms | ${value}<br>0.93× [0.92, 0.95] |`;
    expect(cardsOff(card('122 ms'), false)).toEqual([]);
    expect(cardsOff(card('140 ms'), false)).toHaveLength(1);
  });
});
