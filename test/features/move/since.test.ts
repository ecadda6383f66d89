import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XmlDocument, XmlElement } from 'libxml2-wasm';
import { afterEach, describe, expect, test } from 'vitest';
import { formatProblems, OcibenchError } from '../../../src/core/model/failure/error.ts';
import { readBefore } from '../../../src/features/move/app/before.ts';
import type { MoveRecord } from '../../../src/features/move/record.ts';
import { moveBlocks } from '../../../src/features/move/report/blocks.ts';
import { moveJunit } from '../../../src/features/move/report/junit.ts';
import { compareMoves } from '../../../src/features/move/since.ts';
import { renderTerminal } from '../../../src/report/renderers/terminal.ts';
import { dearer, madeBlocks, madeMove, madeMoveCost } from './made.ts';

const moved = { runsc: ['cache', 'web'] };
const before = madeMove(madeMoveCost(dearer, moved));
/** The cache takes seven times the CPU time in place of four, and half of the requests are answered. */
const slower = madeMove(
  madeMoveCost(
    madeBlocks(8, (block) => {
      const scatter = 1 + 0.01 * Math.cos(block);
      return [
        { cache: [7 * scatter, 30], web: [3 * scatter, 45] },
        { p99: 31e6, rate: 30 },
      ];
    }),
    moved,
  ),
);
const since = (now: MoveRecord): MoveRecord => ({ ...now, since: compareMoves(now, before) });
const withVerdict = (move: MoveRecord, service: string, verdict: 'cannot' | 'unknown'): MoveRecord => ({
  ...move,
  verdicts: move.verdicts.map((each) =>
    each.service === service ? { ...each, verdict, why: 'it exits with code 1: no', fix: 'leave it' } : each,
  ),
});

/** Name of a test → how it ended, as a CI service reads it. */
function testsOf(move: MoveRecord): Readonly<Record<string, string>> {
  using document = XmlDocument.fromString(moveJunit(move));
  return Object.fromEntries(
    document.find('//testcase').map((element) => {
      const child = element.get('skipped|error|failure');
      const kind = child instanceof XmlElement ? child.name : 'passed';
      return [element.get('@name')?.content ?? '', kind];
    }),
  );
}

describe('a move is compared with one before', () => {
  test('the same is no worse, and what could not move before fails no test', () => {
    const again = since(before);
    expect(again.since).toMatchObject({ worse: [], changed: [] });
    expect(testsOf(before)).toEqual({ cache: 'passed', web: 'passed', light: 'failure' });
    expect(testsOf(again)).toEqual({ cache: 'passed', web: 'passed', light: 'skipped' });
    expect(renderTerminal(moveBlocks(again, 'en'), { lang: 'en', width: 120 })).toContain(
      'Nothing became worse.',
    );
  });

  test('a cost that is beyond the interval before is worse, and one that is cheaper is not', () => {
    const now = since(slower);
    expect(now.since?.worse.map(({ metric }) => metric)).toEqual(['request', 'rate']);
    expect(testsOf(now)).toMatchObject({ request: 'failure', rate: 'failure', cache: 'passed' });
    const text = renderTerminal(moveBlocks(now, 'en'), { lang: 'en', width: 120 });
    expect(text).toContain('CPU time per request under runsc: 2.3× then, 3.3× now');
    expect(text).toContain('requests a second under runsc: 0.3× then, 0.15× now');
    expect(compareMoves(before, slower).worse).toEqual([]);
  });

  test('a service that moved and does not is worse, whether it fails or is not known', () => {
    for (const verdict of ['cannot', 'unknown'] as const) {
      const now = since(withVerdict(before, 'web', verdict));
      expect(now.since?.worse).toMatchObject([{ service: 'web', metric: null }]);
      expect(testsOf(now).web).toBe(verdict === 'cannot' ? 'failure' : 'error');
    }
    expect(
      renderTerminal(moveBlocks(since(withVerdict(before, 'web', 'cannot')), 'fr'), {
        lang: 'fr',
        width: 120,
      }),
    ).toContain('web ne marche plus sous runsc');
  });

  test('facts that changed are named beside it', () => {
    const runtimes = before.runtimes.map((each) =>
      each.entry.name === 'runsc' ? { ...each, version: 'runsc version 2' } : each,
    );
    const now = { ...before, runtimes, host: { ...before.host, kernel: '6.99' } };
    expect(compareMoves(now, before).changed).toEqual([
      expect.stringMatching(/^Linux \S+ → 6\.99$/),
      expect.stringMatching(/^runsc .* → runsc version 2$/),
    ]);
  });
});

describe('the move before is read', () => {
  const made: string[] = [];
  afterEach(async () => {
    for (const path of made.splice(0)) await rm(path, { recursive: true });
  });
  const read = async (content: string, targets = ['runsc'], baseline = 'runc') => {
    const directory = await mkdtemp(join(tmpdir(), 'ocibench-before-'));
    made.push(directory);
    await writeFile(join(directory, 'move.json'), content);
    return readBefore('move.json', directory, { targets, baseline });
  };
  const refused = async (...given: Parameters<typeof read>) => {
    const error = await read(...given).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof OcibenchError)) throw error;
    expect(error.exitCode).toBe(2);
    return formatProblems(error.problems).join('\n');
  };

  test('as it was written, and refused where it is none, or of something else', async () => {
    expect(await read(JSON.stringify(before))).toEqual(before);
    expect(await readBefore(undefined, '/', { targets: ['runsc'], baseline: 'runc' })).toBeNull();
    expect(await refused('{')).toContain('move.json: is no JSON');
    expect(await refused('{"moveVersion":1}')).toContain('move.json: moveId');
    expect(await refused(JSON.stringify(before), ['kata', 'runsc'], 'crun')).toMatch(
      /targets: was not tried under kata[\s\S]*baseline: has the baseline runc, not crun/,
    );
  });
});
