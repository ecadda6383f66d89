import { readdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ocibench, root, workplace } from './support.ts';

test('what cannot be used is refused at once, with every problem and its fix', async () => {
  const place = await workplace();
  try {
    await writeFile(
      place.daemonJson,
      JSON.stringify({
        'log-drvier': 'local',
        runtimes: { a: { path: '/a', runtimeType: 'io.containerd.kata.v2' }, b: { runtimeArgs: 'x' } },
      }),
    );
    const result = await ocibench(
      ['run', '--set', `daemonJson=${place.daemonJson}`, '--out', place.path],
      place.path,
    );
    expect(result.exitCode).toBe(2);
    for (const key of ['log-drvier', 'runtimes.a', 'runtimes.b']) expect(result.stderr).toContain(key);
    expect(result.stderr.match(/fix:/g)?.length).toBeGreaterThanOrEqual(3);
    expect(await readdir(place.path)).toEqual(['daemon.json']);
    const typo = await ocibench(['run', '--blocks', 'x', '--set', 'precision=200'], place.path);
    expect(typo.exitCode).toBe(2);
    expect((await ocibench(['nonsense'], place.path)).exitCode).toBe(2);
    expect((await ocibench(['report', 'no-such-run'], root)).exitCode).toBe(2);
  } finally {
    await place.remove();
  }
});
