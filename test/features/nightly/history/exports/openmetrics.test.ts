import { describe, expect, test } from 'vitest';
import { openMetrics, textfile } from '../../../../../src/features/nightly/history/exports/openmetrics.ts';
import { alarmLine, headlineLine, nightLine } from '../../../../support/history-lines.ts';
import { contentOf, day, hostile, nights, sourceOf } from './history.ts';

/** Samples of a metric: its labels, its value and its time. */
function samplesOf(text: string, metric: string) {
  return text.split('\n').flatMap((line) => {
    const found = /^(\w+)(\{.*\})? (\S+)(?: (\S+))?$/.exec(line);
    if (found?.[1] !== metric) return [];
    return [
      {
        labels: found[2] ?? '',
        value: Number(found[3]),
        at: found[4] === undefined ? null : Number(found[4]),
      },
    ];
  });
}

const seconds = (n: number) => Date.UTC(2026, 0, 1 + n, 2) / 1000;

describe('OpenMetrics', () => {
  test('has every night at its time, the oldest first, and ends as it must', () => {
    const text = contentOf(openMetrics(sourceOf(nights(3))));
    const samples = samplesOf(text, 'ocibench_ratio');
    expect(samples.map(({ at }) => at)).toEqual([0, 1, 2].map(seconds));
    expect(samples[0]?.labels).toContain('series="runc ÷ runc-pin startup/echo startup.total"');
    expect(samples[0]?.labels).toContain('reference="runc-pin",against="pin"');
    expect(samplesOf(text, 'ocibench_ratio_low')).toHaveLength(3);
    expect(text.endsWith('\n# EOF\n')).toBe(true);
  });

  test('has base units', () => {
    const figures = [
      { against: 'none', reference: null, estimate: 2e8, median: 1e8 },
      { series: 'm', unit: 'bytes', median: 3 * 2 ** 20 },
    ] as const;
    const text = contentOf(openMetrics(sourceOf(nights(1, figures))));
    expect(samplesOf(text, 'ocibench_value_seconds')[0]?.value).toBeCloseTo(0.2, 9);
    expect(samplesOf(text, 'ocibench_median_seconds')[0]?.value).toBeCloseTo(0.1, 9);
    expect(samplesOf(text, 'ocibench_median_bytes')[0]?.value).toBe(3 * 2 ** 20);
    expect(samplesOf(text, 'ocibench_ratio')).toHaveLength(1);
  });

  test('samples of a metric stand together, once a time, whatever the order of the nights', () => {
    const again = [
      headlineLine(day(0), { estimate: 1.5, run: 'again' }),
      nightLine(day(0), { run: 'again' }),
    ];
    const text = contentOf(openMetrics(sourceOf([...nights(3).toReversed(), ...again])));
    const samples = samplesOf(text, 'ocibench_ratio');
    expect(samples.map(({ at }) => at)).toEqual([0, 1, 2].map(seconds));
    const families = [...text.matchAll(/^# TYPE (\S+) gauge$/gm)].map(([, name]) => name);
    expect(new Set(families).size).toBe(families.length);
    const order = text.split('\n').flatMap((line) => /^(\w+)[{ ]/.exec(line)?.[1] ?? []);
    expect([...new Set(order)]).toEqual(order.filter((name, at) => name !== order[at - 1]));
  });

  test('a segment and a confirmation are series of their own', () => {
    const confirmation = headlineLine(day(2), {
      stage: 'confirmation',
      provenance: { ...headlineLine(day(2)).provenance, workload: 'w2' },
    });
    const closing = nightLine(day(2), { stage: 'confirmation' });
    const text = contentOf(openMetrics(sourceOf([...nights(3), confirmation, closing])));
    expect(new Set(samplesOf(text, 'ocibench_ratio').map(({ labels }) => labels)).size).toBe(2);
  });

  test('says what became of each night, and how many alarms were open', () => {
    const accept = {
      kind: 'accept',
      schema: 1,
      night: day(3),
      host: 'h1',
      alarm: `${day(1)}/1`,
      why: 'x',
    } as const;
    const lines = [...nights(5), { ...accept, at: `${day(3)}T08:00:00.000Z` }, alarmLine(day(1))];
    const skipped = nightLine(day(5), { run: null, status: 'skipped', headlines: 0 });
    const text = contentOf(openMetrics(sourceOf([...lines, skipped])));
    expect(samplesOf(text, 'ocibench_open_alarms').map(({ value }) => value)).toEqual([0, 1, 1, 1, 0, 0]);
    expect(samplesOf(text, 'ocibench_new_alarms').map(({ value }) => value)).toEqual([0, 1, 0, 0, 0, 0]);
    const statuses = samplesOf(text, 'ocibench_night_status').filter(({ labels }) =>
      labels.includes('"skipped"'),
    );
    expect(statuses.map(({ value }) => value)).toEqual([0, 0, 0, 0, 0, 1]);
  });

  test('from a day on, alarms that are older still count as open', () => {
    const lines = [...nights(5), alarmLine(day(1))];
    const text = contentOf(openMetrics(sourceOf(lines, { since: day(3) })));
    expect(samplesOf(text, 'ocibench_open_alarms').map(({ value }) => value)).toEqual([1, 1]);
  });

  test('names the programs', () => {
    const text = contentOf(openMetrics(sourceOf(nights(1))));
    expect(text).toContain(
      'ocibench_runtime_info{host="h1",runtime="runc",version="runc 1.1.15",sha256="aa"} 1',
    );
    expect(text).toContain('engine_version="26.1",containerd="1.7"');
  });
});

describe('the textfile', () => {
  test('has the newest night without times', () => {
    const lines = [...nights(3), nightLine(day(3), { run: null, status: 'skipped', headlines: 0 })];
    const text = contentOf(textfile(sourceOf(lines)));
    const [ratio, ...others] = samplesOf(text, 'ocibench_ratio');
    expect(others).toEqual([]);
    expect(ratio?.at).toBeNull();
    expect(samplesOf(text, 'ocibench_night_start_timestamp_seconds')[0]?.value).toBe(seconds(3));
    expect(samplesOf(text, 'ocibench_figures_start_timestamp_seconds')[0]?.value).toBe(seconds(2));
    expect(text).not.toContain('# EOF');
  });

  test('says how many alarms are open now', () => {
    const open = [alarmLine(day(1))];
    expect(
      samplesOf(contentOf(textfile(sourceOf(nights(3), { open }))), 'ocibench_open_alarms'),
    ).toMatchObject([{ value: 1 }]);
    expect(samplesOf(contentOf(textfile(sourceOf(nights(3)))), 'ocibench_open_alarms')).toMatchObject([
      { value: 0 },
    ]);
  });

  test('has this host only', () => {
    const elsewhere = nights(3).map((line) => ({ ...line, host: 'h2' }));
    expect(contentOf(textfile(sourceOf([...nights(3), ...elsewhere])))).not.toContain('"h2"');
  });
});

test.each([openMetrics, textfile])('whatever is quoted, a line is a sample or a comment', (exporter) => {
  const lines = nights(
    2,
    hostile.map((series) => ({ series, runtime: series, workload: series })),
  );
  const text = contentOf(exporter(sourceOf(lines)));
  const odd = text
    .trimEnd()
    .split('\n')
    .filter(
      (line) =>
        !/^(# (HELP|TYPE) ocibench_\w+ .+|# EOF|ocibench_\w+(\{(\w+="([^"\\]|\\["\\])*",?)*\})? \S+( \S+)?)$/.test(
          line,
        ),
    );
  expect(odd).toEqual([]);
  expect(samplesOf(text, 'ocibench_ratio').length).toBeGreaterThanOrEqual(hostile.length);
});
