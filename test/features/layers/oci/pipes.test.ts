import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { containerPipes } from '../../../../src/features/layers/oci/pipes.ts';

test('a process gets three anonymous pipes, and their other ends are ours', async () => {
  const pipes = await containerPipes();
  const links = pipes.theirs.map((file) => readlinkSync(`/proc/self/fd/${file}`));
  expect(new Set(links).size).toBe(3);
  for (const link of links) expect(link).toMatch(/^pipe:\[\d+\]$/);
  const child = spawn('cat', [], { stdio: [...pipes.theirs] });
  pipes.handOver();
  pipes.input.write('one line\n');
  const [chunk] = (await once(pipes.output, 'data')) as [Buffer];
  expect(chunk.toString()).toBe('one line\n');
  const closed = once(pipes.output, 'close');
  pipes.input.end();
  await Promise.all([once(child, 'exit'), closed]);
  pipes.close();
});
