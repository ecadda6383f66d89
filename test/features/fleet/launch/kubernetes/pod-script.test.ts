import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  archiveMarks,
  type Collect,
  podScript,
} from '../../../../../src/features/fleet/launch/kubernetes/job.ts';

let place = '';
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-pod-'));
  await mkdir(join(place, 'bin'));
});
afterEach(() => rm(place, { recursive: true }));

/** Starts a pod's script with a program in ocibench's place. */
async function pod(program: string, collect: Collect, words: readonly string[] = []) {
  const file = join(place, 'bin/ocibench');
  await writeFile(file, `#!/bin/sh\n${program}\n`);
  await chmod(file, 0o755);
  const out = join(place, 'out');
  await mkdir(out);
  return {
    out,
    pod: execa('sh', ['-c', podScript(words, { out, collect })], {
      reject: false,
      all: true,
      stdin: 'ignore',
      env: { PATH: `${join(place, 'bin')}:${process.env.PATH}`, NODE_NAME: 'node-1' },
    }),
  };
}

const writes = (out: string) =>
  `mkdir -p ${out}/results/R && ln -s R ${out}/results/latest && for word; do echo "$word"; done >${out}/results/R/words`;

test('the log holds the run, and the words that docs print take it out again', async () => {
  const { out, pod: ended } = await pod(`${writes(join(place, 'out'))}; exit 1`, 'log', [
    '--note',
    "it's $(x)",
  ]);
  const { exitCode, all } = await ended;
  // Some measurements failed: that is a result.
  expect(exitCode).toBe(0);
  await writeFile(join(place, 'pod.log'), `before\n${all}\nafter\n`);
  const { begin, end } = archiveMarks;
  const taken = `sed -n '/^${begin}$/,/^${end}$/{//!p}' pod.log | base64 -d | tar -xzf -`;
  await execa('sh', ['-c', taken], { cwd: place });
  // Archives with links are not merged.
  expect(await readdir(join(place, 'results'))).toEqual(['R']);
  const words = (await readFile(join(place, 'results/R/words'), 'utf8')).trim().split('\n');
  expect(words).toEqual([
    'run',
    '--note',
    "it's $(x)",
    '--out',
    out,
    '--set',
    'labels.node=node-1',
    '--set',
    'progress=false',
  ]);
});

test('a run on a volume is not printed', async () => {
  const { pod: ended } = await pod(writes(join(place, 'out')), 'volume');
  expect(await ended).toMatchObject({ exitCode: 0, all: '' });
});

test.each([2, 3, 130])('exit code %d is the pod’s, and without results there is no archive', async (code) => {
  const { pod: ended } = await pod(`exit ${code}`, 'log');
  expect(await ended).toMatchObject({ exitCode: code, all: '' });
});

test('a pod that is told to end lets the run end what it does, and still prints what there is', async () => {
  const slow = `${writes(join(place, 'out'))}
trap 'echo cleaning; sleep 0.3; echo cleaned; exit 130' TERM
touch ${join(place, 'ready')}
while :; do sleep 0.05; done`;
  const { pod: ended } = await pod(slow, 'log');
  while ((await readFile(join(place, 'ready')).catch(() => null)) === null) await sleep(20);
  ended.kill('SIGTERM');
  const { exitCode, all } = await ended;
  expect(exitCode).toBe(130);
  expect(all).toMatch(/cleaning\ncleaned\n-----BEGIN/);
});
