import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Compose, projectPrefix, projectWords } from '../../../src/features/move/trying/compose.ts';
import { DockerProgram, environmentFor } from '../../../src/features/move/trying/docker-program.ts';

test('a project of ours has its name from nowhere else', () => {
  const words = projectWords(`${projectPrefix}1`, '/srv/shop', ['down', '--volumes']);
  expect(words.join(' ')).toBe(
    'compose --project-name ocibench-1 --project-directory /srv/shop --env-file /dev/null --file - down --volumes',
  );
  expect(() => projectWords('shop', '/srv/shop', ['down', '--volumes'])).toThrow('no project of ocibench');
});

test('no variable chooses another engine, or changes what is done to ours', () => {
  const env = {
    COMPOSE_PROJECT_NAME: 'shop',
    COMPOSE_FILE: 'x',
    PATH: '/bin',
    DOCKER_CONFIG: '/c',
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: '/t',
    DOCKER_CONTEXT: 'far',
    DOCKER_HOST: 'tcp://far',
  };
  expect(environmentFor(env, true)).toEqual({ PATH: '/bin', DOCKER_CONFIG: '/c' });
  const theirs = { COMPOSE_PROJECT_NAME: 'shop', COMPOSE_FILE: 'x', PATH: '/bin', DOCKER_CONFIG: '/c' };
  expect(environmentFor(env, false)).toEqual(theirs);
});

/** A docker that ignores SIGTERM, as version 24 does, and starts a Compose that keeps its output open. */
const stubborn = `#!/bin/sh
trap '' TERM
sleep 1000 &
echo $! >"$(dirname "$0")/pid"
wait
`;

test('an abort ends Compose as well, and what it has started', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'move-'));
  await writeFile(join(directory, 'docker'), stubborn, { mode: 0o755 });
  const before = process.env.PATH;
  process.env.PATH = `${directory}:${before}`;
  try {
    const stop = new AbortController();
    const docker = new DockerProgram('unix:///nowhere', directory);
    const up = new Compose(docker, directory, []).up('ocibench-1', '{}', stop.signal);
    while (!existsSync(join(directory, 'pid'))) await sleep(20);
    stop.abort();
    expect(await up).toBeNull();
    const pid = Number(await readFile(join(directory, 'pid'), 'utf8'));
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 30_000 }).toBe(false);
  } finally {
    process.env.PATH = before;
    await rm(directory, { recursive: true });
  }
}, 120_000);
