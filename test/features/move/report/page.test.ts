import { expect, test } from 'vitest';
import type { MoveRecord } from '../../../../src/features/move/record.ts';
import { moveBlocks } from '../../../../src/features/move/report/blocks.ts';
import { leadsOf } from '../../../../src/features/move/report/lead.ts';
import { movePage } from '../../../../src/features/move/report/page.ts';
import { renderTerminal } from '../../../../src/report/renderers/terminal.ts';
import { dearer, madeBlocks, madeMove, madeMoveCost } from '../made.ts';

const cost = madeMoveCost(dearer, { runsc: ['cache', 'web'] });
const terminal = (move: Parameters<typeof moveBlocks>[0], lang: 'en' | 'fr' = 'en') =>
  renderTerminal(moveBlocks(move, lang), { lang, width: 120 });

const wordsOf = (lead: string) => lead.split(/[\s\u00a0\u202f]+/).filter((word) => /\w/.test(word)).length;

test('the headline is the decision, in at most thirty words', () => {
  const [lead = ''] = leadsOf(madeMove(cost), 'en');
  expect(lead.replaceAll('\u00a0', ' ')).toBe(
    '2 of 3 services can move to runsc: +0.8 CPUs (2.3×) at 200 requests/s, +45 MiB memory, p99 latency 10 ms → 31 ms. Leave light. Next: compose.runsc.yaml.',
  );
  expect(terminal(madeMove(cost)).replaceAll(/\s+/g, ' ')).toContain(
    'cache causes 75% of the added CPUs; to leave it under runc, add --stay cache.',
  );
  for (const lang of ['en', 'fr'] as const)
    for (const verdict of ['cannot', 'unknown', 'not-tried', 'stays'] as const)
      for (const names of [3, 4, 12].map((n) => Array.from({ length: n }, (_, at) => `service-${at}`)))
        for (const used of [cost, madeMoveCost(dearer.slice(0, 8), { runsc: ['cache', 'web'] }), undefined]) {
          const move = madeMove(used, names);
          const verdicts = move.verdicts.map((each, at) => (at % 2 === 1 ? { ...each, verdict } : each));
          const failed = { why: 'the load exited with code 1', fix: '' };
          const other = { ...move, verdicts, ...(used === undefined ? { noCost: failed } : {}) };
          for (const one of leadsOf(other, lang)) expect(wordsOf(one), one).toBeLessThanOrEqual(30);
        }
});

test('what is not decided is said to be, with the bound that is known, and what is the same', () => {
  const same = madeBlocks(12, (block) => [
    { cache: [1 + 0.01 * Math.cos(block), 10], web: [2, 20] },
    { p99: 10e6, rate: 200 },
  ]);
  const moved = { runsc: ['cache', 'web'] };
  const lead = (all: typeof same) =>
    leadsOf(madeMove(madeMoveCost(all, moved)), 'en')[0]?.replaceAll('\u00a0', ' ');
  expect(lead(same)).toContain('can move to runsc: as many CPUs, as much memory. Leave');
  expect(lead(same.slice(0, 2))).toContain('CPUs undecided');
  // Three blocks that agree decide nothing, and still say much.
  const three = dearer.slice(0, 6);
  expect(lead(three)).toMatch(
    /runsc: at least 2\.\d× CPUs, at least 2\.\d× memory, p99 latency at least 3(?:\.\d)?×\./,
  );
  const text = terminal(madeMove(madeMoveCost(three, moved)));
  expect(text).toMatch(/requests a second .*at most 0\.3\d?×/);
});

test('where trials were cut off, nobody is said to stay', () => {
  const move = madeMove(undefined);
  const verdicts = move.verdicts.map((each) => ({ ...each, verdict: 'unknown' as const }));
  expect(leadsOf({ ...move, verdicts }, 'en')).toEqual([
    'It is not known yet whether services can move to runsc.',
  ]);
});

test('small rates and small figures are not rounded to nothing', () => {
  const slow = dearer.map((each) => ({
    ...each,
    load: each.load === null ? null : { ...each.load, rate: each.load.rate / 600 },
  }));
  const [lead] = leadsOf(madeMove({ ...madeMoveCost(slow, { runsc: ['cache', 'web'] }), at: 0.3 }), 'en');
  expect(lead).toContain('+0.0012 CPUs (1.1×) at 0.3 requests/s');
});

test('at rest it says that nothing was asked', () => {
  const rest = dearer.map((each) => ({
    ...each,
    load: null,
    afterSeconds: 0,
    services: each.services.map((one) => ({
      ...one,
      afterNs: null,
      afterOutsideNs: null,
      restNs: (one.restNs ?? 0) * (each.runtime === 'runc' ? 1 : 3),
    })),
  }));
  const move = madeMove({ ...madeMoveCost(rest, { runsc: ['cache', 'web'] }), load: null });
  expect(leadsOf(move, 'en')[0]).toContain('+0.04 CPUs when idle (3×)');
  expect(terminal(move).replaceAll(/\s+/g, ' ')).toContain('add --load');
});

test('the page has a table of costs, and no script', () => {
  const page = movePage(madeMove(cost), 'fr');
  expect(page).toContain('Coûts sous runsc');
  expect(page).not.toMatch(/<script/i);
});

test('it says what the copies worked on', () => {
  const move = madeMove(cost);
  const said = (data: MoveRecord['data'], lang: 'en' | 'fr' = 'en') =>
    terminal({ ...move, ...(data === undefined ? {} : { data }) }, lang).replaceAll(/\s+/g, ' ');
  expect(said(undefined)).toContain(
    'Copies had empty volumes and read-only host paths. Services could not reach networks outside the stack.',
  );
  expect(said({ copies: [], fresh: [] })).toContain(
    'Copies had empty volumes and read-only host paths. Services could not reach networks outside the stack.',
  );
  const copy = { kind: 'volume' as const, services: ['cache'], special: 0 };
  const text = said({
    copies: [
      { ...copy, name: 'data', bytes: 3 * 2 ** 30, inUse: true },
      { ...copy, name: '/srv/files', bytes: 2 ** 20, inUse: false },
    ],
    fresh: [{ volume: 'nfs', why: 'its driver is x' }],
  });
  expect(text).toContain(
    'Each start had copies of data, /srv/files (3.1 GiB) as they were before the trials.',
  );
  expect(text).toContain(
    'Containers that may write to data ran while it was copied. nfs was empty: its driver is x.',
  );
  expect(said(undefined, 'fr')).toContain('Les copies avaient des volumes vides');
});
