import { expect, test } from 'vitest';
import type { MoveRecord } from '../../../../src/features/move/record.ts';
import { moveBlocks } from '../../../../src/features/move/report/blocks.ts';
import { movePage } from '../../../../src/features/move/report/page.ts';
import { renderTerminal } from '../../../../src/report/renderers/terminal.ts';
import { dearer, madeBlocks, madeMove, madeMoveCost } from '../made.ts';

const cost = madeMoveCost(dearer, { runsc: ['cache', 'web'] });
const terminal = (move: Parameters<typeof moveBlocks>[0], lang: 'en' | 'fr' = 'en') =>
  renderTerminal(moveBlocks(move, lang), { lang, width: 120 });

test('the first sentences say what moves, and what it costs', () => {
  const text = terminal(madeMove(cost)).replaceAll(/\s+/g, ' ');
  expect(text).toContain('2 of 3 services of shop can move to runsc.');
  expect(text).toMatch(/200 requests a second need 0\.80 more CPUs \(2\.2\d× \[/);
  expect(text).toContain('It uses 45.0 MiB more memory. It serves 60 requests a second instead of 200.');
  expect(text).toContain(
    'Latency (99th percentile) goes from 10.0 ms to 31.0 ms. cache causes 75% of the added CPUs; to leave it under runc, add --stay cache.',
  );
});

test('what is not decided is said to be, and what is the same', () => {
  const same = madeBlocks(12, (block) => [
    { cache: [1 + 0.01 * Math.cos(block), 10], web: [2, 20] },
    { p99: 10e6, rate: 200 },
  ]);
  const moved = { runsc: ['cache', 'web'] };
  const said = terminal(madeMove(madeMoveCost(same, moved))).replaceAll(/\s+/g, ' ');
  expect(said).toContain('CPUs for 200 requests a second: no difference (within 5%).');
  expect(said).not.toContain('It serves');
  const few = terminal(madeMove(madeMoveCost(same.slice(0, 6), moved))).replaceAll(/\s+/g, ' ');
  expect(few).toContain('CPUs for 200 requests a second: inconclusive (0.99×).');
});

test('small rates and small figures are not rounded to nothing', () => {
  const slow = dearer.map((each) => ({
    ...each,
    load: each.load === null ? null : { ...each.load, rate: each.load.rate / 600 },
  }));
  const text = terminal(madeMove({ ...madeMoveCost(slow, { runsc: ['cache', 'web'] }), at: 0.3 }));
  expect(text.replaceAll(/\s+/g, ' ')).toMatch(/0\.3 requests a second need 0\.0012 more CPUs/);
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
  const text = terminal(move).replaceAll(/\s+/g, ' ');
  expect(text).toContain('When idle, it uses 0.040 more CPUs (3.00×');
  expect(text).toContain('add --load');
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

test('without a compose file it names no file that moves it', () => {
  const [service] = madeMove(cost).stack.services;
  if (service === undefined) throw new Error('no service');
  const move = madeMove(cost);
  const verdicts = move.verdicts.filter((each) => each.service === service.service);
  const text = terminal({ ...move, verdicts, stack: { name: 'cache', ofImage: true, services: [service] } });
  expect(text).toContain('docker run --runtime runsc … shop/0');
  expect(text).not.toContain('compose.runsc.yaml');
  expect(text).toContain('The service of cache can move to runsc.');
});
