import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { conditionsOf } from '../../../src/app/measure/try-engines.ts';

test('a seccomp profile of a file is told by its content', async () => {
  const place = await mkdtemp('/tmp/ocibench-conditions-');
  const path = join(place, 'seccomp.json');
  const conditions = async (seccomp: string, local = true) => {
    const engine = { conditions: async () => ({ seccomp }), facts: { local } };
    type Session = Parameters<typeof conditionsOf>[0];
    return (await conditionsOf({ engine, dockerd: null } as unknown as Session)).seccomp;
  };
  try {
    await writeFile(path, '{}');
    const first = await conditions(path);
    expect(first).toMatch(new RegExp(`^${path} \\(sha256 [0-9a-f]{16}\\)$`));
    await writeFile(path, '{"defaultAction":"SCMP_ACT_ALLOW"}');
    expect(await conditions(path)).not.toBe(first);
    expect(await conditions(join(place, 'gone.json'))).toMatch(/gone\.json \(not readable\)$/);
    // The file of a daemon elsewhere is not here.
    expect(await conditions(path, false)).toBe(path);
    expect(await conditions('builtin')).toBe('builtin');
  } finally {
    await rm(place, { recursive: true });
  }
});
