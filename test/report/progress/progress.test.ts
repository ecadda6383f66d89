import { stripVTControlCharacters, styleText } from 'node:util';
import { expect, test } from 'vitest';
import { recorded } from '../../../src/core/messages/record.ts';
import { translate } from '../../../src/core/messages/translate.ts';
import {
  columnsOf,
  fitColumns,
  padColumns,
  spreadColumns,
} from '../../../src/report/document/terminal-columns.ts';
import {
  beginLine,
  blockLine,
  type Estimate,
  endLine,
  failureLine,
  formatClock,
  formatLimit,
  type RunState,
  timeLeft,
} from '../../../src/report/progress/lines.ts';
import { liveView } from '../../../src/report/progress/view.ts';
import { stepNames } from '../../../src/report/words/step.ts';
import { fullSuite } from '../full-suite.ts';
import { syntheticRun } from '../support.ts';

const cell = {
  runtime: 'runsc',
  profile: 'default',
  layer: 'docker',
  workload: 'io/fio',
  params: 'bs=4k;op=randread;target=bind',
} as const;

function estimatesOf(options: Parameters<typeof syntheticRun>[0]): readonly Estimate[] {
  const { analysis } = syntheticRun(options);
  return analysis.rows
    .filter((row) => row.headline && row.runtime !== analysis.baseline)
    .map((row) => {
      const { ratio, ratioCiLow: low, ratioCiHigh: high } = row;
      const halfWidth = ratio === null || low === null || high === null ? null : (high - low) / 2 / ratio;
      return { ...row, halfWidth, target: 0.03 };
    });
}

const suite = estimatesOf({ more: fullSuite });
const minute = 60_000;

const state: RunState = {
  baseline: 'runc',
  elapsedMs: 12.5 * minute,
  left: { minMs: 8 * minute, maxMs: 20.2 * minute },
  block: { number: 7, phase: 'measure', least: 8, most: 20 },
  trials: { begun: 31, all: 176 },
  subjects: { measured: 12, all: 44 },
  current: { cell, elapsedMs: 4200 },
  estimates: suite,
  ended: 310,
  failed: 2,
  lastFailure: {
    cell,
    outcome: { status: 'failed', step: 'run', error: { code: 'x', message: 'libaio is not implemented' } },
  },
  disturbed: { trials: 12, flags: ['steal>5%'] },
  leaked: { processes: 2, trials: 1 },
};

const plain = (_: string, text: string) => text;
const view = (
  more: Partial<RunState> = {},
  options: { lang?: 'en' | 'fr'; columns?: number; rows?: number; paint?: typeof plain } = {},
) => liveView({ ...state, ...more }, { lang: 'en', columns: 80, rows: 24, paint: plain, ...options });

test.each(['en', 'fr'] as const)('the whole view in %s', async (lang) => {
  await expect(`${view({}, { lang }).join('\n')}\n`).toMatchFileSnapshot(
    `../../golden/report/live-view.${lang}.txt`,
  );
});

const hostile = 'e\u001b[2J\u001b]0;owned\u0007\r\nl漢字👩‍👩‍👧\u202egnp'.repeat(8);
const states: readonly (readonly [string, Partial<RunState>])[] = [
  ['as it is most often', {}],
  [
    'at the very begin',
    { estimates: [], elapsedMs: 0, left: { minMs: 0, maxMs: 25 * minute }, trials: { begun: 0, all: 9 } },
  ],
  [
    'long names',
    {
      estimates: estimatesOf({
        more: fullSuite,
        runtimes: ['runc', `a${'-very-long'.repeat(5)}-name-1`, `a${'-very-long'.repeat(5)}-name-2`],
        rename: (id) => `${id}-${'long-'.repeat(25)}`,
      }),
      current: { cell: { ...cell, runtime: 'r'.repeat(90), params: `a=${'v'.repeat(300)}` }, elapsedMs: 1e7 },
    },
  ],
  [
    'what would steer the terminal',
    {
      baseline: hostile,
      estimates: suite.map((one) => ({ ...one, runtime: hostile, params: `p=${hostile}` })),
      current: { cell: { ...cell, runtime: hostile, params: hostile }, elapsedMs: 0 },
      lastFailure: {
        cell,
        outcome: { status: 'failed', step: 'run', error: { code: 'x', message: hostile } },
      },
      disturbed: { trials: 1, flags: [hostile] },
    },
  ],
];
const sizes = [
  [80, 24],
  [100, 30],
  [200, 60],
  [60, 12],
  [40, 10],
  [20, 5],
  [3, 2],
  [1, 1],
] as const;

test.each(states)('fits terminals of every size: %s', (_, more) => {
  for (const lang of ['en', 'fr'] as const)
    for (const [columns, rows] of sizes) {
      const lines = view(more, { lang, columns, rows });
      expect(lines.length, `${columns}×${rows}`).toBeLessThanOrEqual(Math.max(1, rows - 1));
      for (const line of lines) {
        expect(columnsOf(line), `${columns}×${rows}: ${line}`).toBeLessThanOrEqual(Math.max(1, columns - 1));
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      }
    }
});

test('colour only adds to the words', () => {
  const paint = ((style: 'bold', text: string) =>
    styleText(style, text, { validateStream: false })) as typeof plain;
  const coloured = view({}, { paint }).join('\n');
  expect(coloured).not.toBe(view().join('\n'));
  expect(stripVTControlCharacters(coloured)).toBe(view().join('\n'));
});

test('warnings stay in sight where there is little room, and estimates give way', () => {
  const lines = view({}, { rows: 10 }).join('\n');
  expect(lines).toContain('2 failed; failed: runsc io/fio');
  expect(lines).toContain('12 of 310 trials disturbed: CPU taken by the hypervisor (steal) above 5%');
  expect(lines).toContain('Runtimes left 2 processes behind');
});

test('the cell that is measured shows how long it takes and what is known of it', () => {
  const [estimate] = suite.filter(({ runtime, ratioCiLow }) => runtime === 'runsc' && ratioCiLow !== null);
  if (estimate === undefined) throw new Error('no estimate');
  const { runtime, profile, layer, workload, params } = estimate;
  const own = { runtime, profile, layer, workload, params };
  const shown = view({ current: { cell: own, elapsedMs: 65_000 } }).join('\n');
  expect(shown).toMatch(/31\/176 · 1:05/);
  expect(shown).toMatch(/so far: \d\.\d\d× \[\d\.\d\d, \d\.\d\d\] relative to runc/);
  // A short trial is not worth a clock.
  expect(view({ current: { cell: own, elapsedMs: 900 } }).join('\n')).toMatch(/31\/176$/m);
});

test('the cells that hold the run up come first, and those without an interval are not called certain', () => {
  const estimate = (params: string, halfWidth: number | null): Estimate => ({
    ...cell,
    params,
    category: 'io',
    better: 'lower',
    ratio: 2,
    ratioCiLow: halfWidth === null ? null : 2 - 2 * halfWidth,
    ratioCiHigh: halfWidth === null ? null : 2 + 2 * halfWidth,
    halfWidth,
    target: 0.05,
  });
  const lines = view({ estimates: [estimate('op=a', 0.06), estimate('op=b', 0.4), estimate('op=c', null)] });
  const rows = lines.filter((line) => /^ {2}runsc +fio op=/.test(line));
  expect(rows.map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
    'runsc fio op=b 2.00× [1.20, 2.80] ±40% for ±5%',
    'runsc fio op=a 2.00× [1.88, 2.12] ±6.0% for ±5%',
    'runsc fio op=c 2.00× no interval yet',
  ]);
});

test('rates are turned into costs', () => {
  const rate: Estimate = {
    ...cell,
    category: 'io',
    better: 'higher',
    ratio: 0.5,
    ratioCiLow: 0.4,
    ratioCiHigh: 0.625,
    halfWidth: 0.2,
    target: 0.05,
  };
  expect(view({ estimates: [rate] }).join('\n')).toContain('2.00× [1.60, 2.50]');
});

test('time left is a range, rounded outwards, or a limit while nothing is known', () => {
  const en = (minMs: number, maxMs: number) => timeLeft({ minMs, maxMs }, 'en').text;
  const fr = (minMs: number, maxMs: number) => translate(timeLeft({ minMs, maxMs }, 'fr'), 'fr');
  expect(en(8.9 * minute, 20.1 * minute)).toBe('8–21 min left');
  expect(en(0, 25 * minute)).toBe('at most 25 min left');
  expect(en(59 * minute, 150 * minute)).toBe('0.9–2.5 h left');
  expect(en(10_900, 40_100)).toBe('10–41 s left');
  expect(fr(59 * minute, 150 * minute)).toBe('encore 0,9 à 2,5\u202fh');
  expect(fr(0, 25 * minute)).toBe('encore 25\u202fmin au plus');
  expect([formatClock(0), formatClock(61_999), formatClock(3_751_000)]).toEqual(['0:00', '1:01', '1:02:31']);
  expect(formatLimit(170_000, 'en')).toBe('3 min');
  expect(formatLimit(90_000, 'en')).toBe('90 s');
});

test('plain lines: the begin, a line a block, the end', () => {
  const schedule = {
    subjects: 44,
    runtimes: ['runc', 'runsc'],
    minBlocks: 8,
    maxBlocks: 20,
    maxTimeMs: 25 * minute,
  };
  expect(beginLine(schedule, 'en').text).toBe(
    'Measuring 44 tests under runc and runsc: 8–20 blocks after the warm-up, 25 min at most.',
  );
  const ended = { state: { ...state, trials: { begun: 176, all: 176 } }, tookMs: 95_230, failed: 2 };
  const next = { ...state, subjects: { measured: 9, all: 44 } };
  expect(blockLine(ended, next, 'en').text).toBe(
    '12:30  block 7 (8–20): 176 trials in 95.2 s, 2 failed; 9 of 44 tests still open; 8–21 min left',
  );
  expect(translate(blockLine({ ...ended, failed: 0 }, null, 'fr'), 'fr')).toBe(
    '12:30  bloc 7 (8–20)\u00a0: 176 essais en 95,2\u202fs',
  );
  const warmup = { ...ended, state: { ...state, block: { ...state.block, phase: 'warmup' as const } } };
  expect(blockLine(warmup, null, 'en').text).toMatch(/^12:30 {2}warm-up: /);
  expect(endLine(state, 'max-time').text).toBe('310 trials in 12:30; stopped at the time limit.');
  expect(endLine(state, 'nothing-to-measure').text).toMatch(/nothing-to-measure\.$/);
});

test('a failure is one line that can do nothing but be read', () => {
  const line = (outcome: Parameters<typeof failureLine>[0]['outcome']) =>
    failureLine({ cell, outcome }, 'en').text;
  const name = 'runsc io/fio bs=4k, op=randread, target=bind';
  expect(line({ status: 'failed', step: 'start', error: { code: 'x', message: 'a\u001b[2J\nb' } })).toBe(
    `failed: ${name}: starting: a b`,
  );
  expect(line({ status: 'timed-out', step: 'run', limitMs: 30_000 })).toBe(
    `failed: ${name}: running: timed out after 30.0 s`,
  );
  // What stepLimit limits names it; a workload's own time does not.
  expect(line({ status: 'timed-out', step: 'start', limitMs: 45_000 })).toBe(
    `failed: ${name}: starting: timed out after 45.0 s (--set stepLimit gives it longer)`,
  );
  expect(line({ status: 'unsupported', reason: 'no io_uring' })).toBe(`not supported: ${name}: no io_uring`);
});

test('a line is a message, and the reason in it is read in the language of the run', () => {
  const error = { code: 'x', ...recorded({ message: stepNames.parse }) };
  const line = failureLine({ cell, outcome: { status: 'failed', step: 'run', error } }, 'fr');
  expect(line.id).toBe('progress.failedWhile');
  expect(translate(line, 'fr')).toContain('exécution\u00a0: lecture de la sortie');
});

test('columns are counted as a terminal counts them', () => {
  expect(columnsOf('漢字')).toBe(4);
  expect(fitColumns('漢字漢字', 5)).toBe('漢字…');
  expect(fitColumns('👩‍👩‍👧 family', 4)).toBe('👩‍👩‍👧 …');
  expect(columnsOf(padColumns('漢字', 7))).toBe(7);
  expect(spreadColumns('left', 'right', 12)).toBe('left   right');
  expect(spreadColumns('too long to stay', 'right', 12)).toBe('too l… right');
  expect(spreadColumns('left', 'right', 5)).toBe('right');
});
