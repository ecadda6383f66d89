import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runAction } from '../support/github-action.ts';
import { canRun, workplace } from './support.ts';

const measured = '--engine embedded --runtimes runc --workloads startup/echo --blocks 2..2';

describe.skipIf(!canRun)('the GitHub Action', () => {
  test('measures, names the results, and compares them with those of before', async () => {
    await using place = await workplaceOf();
    const first = await runAction({ arguments: measured }, place);
    expect(first.exitCode, first.printed).toBe(0);
    expect(first.ran).toEqual(['Install what is missing', 'Measure']);
    expect(first.outputs.results).toBe(await realpath(join(place.directory, 'results/latest')));
    expect(first.summary).toContain('startup/echo');

    const before = first.outputs.results ?? '';
    const second = await runAction({ arguments: measured, 'compare-with': before }, place);
    // Two blocks claim no difference.
    expect(second.exitCode, second.printed).toBe(0);
    expect(second.ran).toEqual(['Install what is missing', 'Measure', 'Compare']);
    expect(second.outputs.results).not.toBe(before);
    expect(second.summary.split('```')).toHaveLength(3);
  });

  test('fails with a run that did not start, and takes no older one for its results', async () => {
    await using place = await workplaceOf();
    const wrong = await runAction({ arguments: '--preset nightmare' }, place);
    expect(wrong).toMatchObject({ exitCode: 2, outputs: { results: '' }, summary: '' });
    expect(wrong.printed).toContain('nightmare');
  });
});

async function workplaceOf() {
  const { path, remove } = await workplace();
  // Who else measures on this host is not its concern.
  const environment = { OCIBENCH_LOCK: join(path, 'lock'), NO_COLOR: '1', LC_ALL: 'C.UTF-8' };
  return { directory: path, environment, [Symbol.asyncDispose]: remove };
}
