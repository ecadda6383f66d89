import { expect, test } from 'vitest';
import { external } from '../../../../src/core/messages/compose.ts';
import { measureCosts } from '../../../../src/features/move/cost/blocks.ts';
import type { StackMeasurement } from '../../../../src/features/move/cost/measure.ts';
import { measured } from '../made.ts';

const tookMs = 50_000;

/** What a measurement gives, by runtime and how often it was measured; absent: figures. */
type Failing = (runtime: string, warmMs: number, count: number) => Partial<StackMeasurement> | undefined;

/** Measures the costs of a stack whose measurements take 50 s, and says in which order they were made. */
async function costs(
  failing: Failing = () => undefined,
  { planned = 6, deadlineMs = 3_600_000, interrupt = new AbortController() } = {},
) {
  let now = 0;
  const asked: string[] = [];
  const said: string[] = [];
  let needed = 0;
  const say = ({ text }: { readonly text: string }) => void said.push(text);
  const found = await measureCosts(
    { reporter: { log: say, warn: say } } as never,
    {
      clock: { now: () => now },
      interrupt: interrupt.signal,
      baseline: 'runc',
      load: { kind: 'service', name: 'load' },
      patterns: { rate: null, requests: null },
    } as never,
    {
      seed: 7,
      thresholds: { practical: 0.05, alpha: 0.05 },
      moved: { runsc: ['web'] },
      at: null,
      planned,
      withinMs: 600_000,
      deadlineFor(ms) {
        needed = ms;
        return now + deadlineMs;
      },
    },
    async () => undefined,
    async ({ warmMs }, runtime) => {
      asked.push(`${runtime} ${warmMs / 1000}`);
      now += tookMs;
      const { load, services, restSeconds, loadSeconds, afterSeconds, loadNs } = measured(1, runtime, {
        web: [1, 10],
      });
      const figures = { load, services, restSeconds, loadSeconds, afterSeconds, loadNs };
      return { figures, failure: null, of: 'stack', tookMs, ...failing(runtime, warmMs, asked.length) };
    },
  );
  return { found, asked, said, needed };
}

test('the first measurement is that of the baseline in the first block, and the load runs before each', async () => {
  const { found, asked, needed } = await costs();
  expect(asked).toHaveLength(12);
  expect(asked.slice(0, 2)).toEqual(['runc 3', 'runsc 3']);
  expect(needed).toBe(11 * tookMs);
  expect(found).toMatchObject({ ended: null, planned: 6, warmSeconds: 3 });
  const blocks = found !== null && 'measured' in found ? found.measured : [];
  for (let block = 1; block <= 6; block++)
    expect(new Set(blocks.filter((one) => one.block === block).map((one) => one.runtime))).toEqual(
      new Set(['runc', 'runsc']),
    );
  // Drawn from the seed.
  expect(new Set(blocks.filter(({ position }) => position === 0).map(({ runtime }) => runtime)).size).toBe(2);
});

const failure = external('requests failed: Non-2xx responses: 12');

test('a load that fails leaves no costs, with the reason and what to change, and is not tried for hours', async () => {
  const fix = external('open it with curl');
  const { found, asked } = await costs(() => ({ failure, fix, of: 'load', isOfSecondRun: false }));
  expect(found).toMatchObject({ noCosts: { text: `under runc: ${failure.text}` }, fix });
  expect(asked).toEqual(['runc 3']);
});

test('a load that works only once is measured without a run before', async () => {
  const { found, asked } = await costs((_, warmMs) =>
    warmMs === 0 ? undefined : { failure, of: 'load', isOfSecondRun: true },
  );
  expect(found).toMatchObject({ ended: null, warmSeconds: 0 });
  expect(asked.slice(0, 3)).toEqual(['runc 3', 'runc 0', 'runsc 0']);
  expect(asked).toHaveLength(13);
});

test('a stack that did not start is tried once more', async () => {
  const { found, asked } = await costs((_, __, count) =>
    count === 1 ? { failure: external('did not run: web'), of: 'stack' } : undefined,
  );
  expect(found).toMatchObject({ ended: null });
  expect(asked).toHaveLength(13);
  const { found: never } = await costs(() => ({ failure: external('did not run: web'), of: 'stack' }));
  expect(never).toMatchObject({ noCosts: { text: 'under runc: did not run: web' } });
});

test('no block begins that would end too late, and before the first is said that six do not fit', async () => {
  const { found, said } = await costs(undefined, { deadlineMs: 250_000, planned: 12 });
  expect(found).toMatchObject({ ended: 'time' });
  // The third block ends 300 s after the start: 50 s of the first measurement, and the 250 s.
  expect(found !== null && 'measured' in found ? found.measured.length : 0).toBe(6);
  expect(said[0]).toMatch(/^costs: 12 blocks of about 100 s; six, which a verdict needs, take 10 min$/);
  expect(said[1]).toMatch(/six blocks take 10 min, which is longer than the time left/);
});

test('what a target fails at is said with its block, and the others go on', async () => {
  const { found } = await costs((runtime, _, count) =>
    runtime === 'runsc' && count > 4 ? { failure, of: 'load' } : undefined,
  );
  const failed = (found !== null && 'measured' in found ? found.measured : []).filter(
    (one) => one.failure !== null,
  );
  expect(failed.length).toBeGreaterThan(0);
  expect(new Set(failed.map(({ runtime }) => runtime))).toEqual(new Set(['runsc']));
});

test('Ctrl-C keeps the blocks that are whole', async () => {
  const interrupt = new AbortController();
  const { found } = await costs(
    (_, __, count) => {
      if (count === 5) interrupt.abort();
      return undefined;
    },
    { interrupt },
  );
  expect(found !== null && 'measured' in found ? found.measured.length : 0).toBe(4);
});
