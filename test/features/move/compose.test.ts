import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { givenVariables } from '../../../src/features/move/app/try-services.ts';
import { projectOf } from '../../../src/features/move/stack/project.ts';
import { Compose, projectPrefix, projectWords } from '../../../src/features/move/trying/compose.ts';
import { DockerProgram, environmentFor } from '../../../src/features/move/trying/docker-program.ts';
import { trialOf } from './stacks.ts';

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
  const local = { COMPOSE_EXPERIMENTAL_GIT_REMOTE: 'false', COMPOSE_EXPERIMENTAL_OCI_REMOTE: 'false' };
  expect(environmentFor({ ...env, LD_PRELOAD: '/e.so' }, true)).toEqual({
    PATH: '/bin',
    DOCKER_CONFIG: '/c',
    ...local,
  });
  const theirs = {
    COMPOSE_PROJECT_NAME: 'shop',
    COMPOSE_FILE: 'x',
    PATH: '/bin',
    DOCKER_CONFIG: '/c',
    ...local,
  };
  expect(environmentFor(env, false)).toEqual(theirs);
});

/** Calls `use` where `docker` is this script; `directory` holds it, and what it writes. */
async function withDocker<T>(script: string, use: (compose: Compose, directory: string) => Promise<T>) {
  const directory = await mkdtemp(join(tmpdir(), 'move-'));
  await writeFile(join(directory, 'docker'), script, { mode: 0o755 });
  const before = process.env.PATH;
  process.env.PATH = `${directory}:${before}`;
  try {
    const docker = new DockerProgram('unix:///nowhere', directory);
    return await use(new Compose(docker, directory, []), directory);
  } finally {
    process.env.PATH = before;
    await rm(directory, { recursive: true });
  }
}

/** A docker that says with which variables it was started, and what Compose was to start. */
const telling = `#!/bin/sh
case "$*" in
*' config '*) echo '{"services":{"values":{"environment":{"LD_PRELOAD":"/srv/evil.so","DOCKER_CONFIG":"/srv/evil","PATH":"/srv"}}}}' ;;
*) env >"$(dirname "$0")/variables"; cat >"$(dirname "$0")/project" ;;
esac
`;

test('no variable of a stack reaches a program by a name that the stack chose', async () => {
  process.env.BASH_ENV = '/srv/of-the-user';
  onTestFinished(() => {
    delete process.env.BASH_ENV;
  });
  await withDocker(telling, async (compose, directory) => {
    const stack = {
      name: 'evil',
      services: { web: { image: 'web', secrets: [{ source: 's' }, { source: 'd' }, { source: 't' }] } },
      secrets: { s: { environment: 'LD_PRELOAD' }, d: { environment: 'DOCKER_CONFIG' }, t: { file: '/t' } },
      configs: { p: { environment: 'PATH' } },
    };
    const variables = await givenVariables(compose, stack);
    const project = JSON.stringify(projectOf(stack, trialOf(['web'])));
    await compose.up('ocibench-1', project, new AbortController().signal, variables);
    const given = (await readFile(join(directory, 'variables'), 'utf8')).split('\n');
    expect(given).toContain('OCIBENCH_SECRET_1=/srv/evil.so');
    expect(given.filter((line) => /^(?:LD_PRELOAD|DOCKER_CONFIG|BASH_ENV)=|^PATH=\/srv/.test(line))).toEqual(
      [],
    );
    expect(JSON.parse(await readFile(join(directory, 'project'), 'utf8')).secrets).toEqual({
      s: { environment: 'OCIBENCH_SECRET_1' },
      d: { environment: 'OCIBENCH_SECRET_2' },
      t: { file: '/t' },
    });
  });
});

/** A docker that has all images but those of `absent`, and a file of `services` services; it counts how often it was asked. */
const holding = (services: number) => `#!/bin/sh
echo x >>"$(dirname "$0")/asked"
case "$*" in
'image inspect --format {{.Id}} -- '*)
  shift 5
  for image; do case "$image" in absent*) code=1 ;; *) echo sha256:0 ;; esac; done
  exit \${code:-0} ;;
*) printf '{"name":"many","services":{'
  for at in $(seq ${services}); do [ "$at" = 1 ] || printf ,; printf '"s%s":{"image":"i"}' "$at"; done
  echo '}}' ;;
esac
`;

test('images are asked for together, however many there are', async () => {
  const many = Array.from({ length: 500 }, (_, at) => `there${at}`);
  const ask = (images: readonly string[]) =>
    withDocker(holding(1), async (compose, directory) => {
      const missing = await compose.missingImages(images);
      return { missing, asked: (await readFile(join(directory, 'asked'), 'utf8')).split('\n').length - 1 };
    });
  expect(await ask(many)).toEqual({ missing: [], asked: 1 });
  expect(await ask(many.map((name) => `absent-${name}`))).toMatchObject({ asked: 1 });
  const { missing, asked } = await ask([...many, 'absent-1', 'there', 'absent-2', 'absent-2']);
  expect(missing).toEqual(['absent-1', 'absent-2']);
  expect(asked).toBeLessThan(30);
});

test('a stack of more services than are tried is refused with the number', async () => {
  const said = await withDocker(holding(1001), (compose) =>
    compose.config().catch((error: unknown) => JSON.stringify(error)),
  );
  expect(said).toMatch(/"n":1001,"most":1000/);
  const { services } = await withDocker(holding(1000), (compose) => compose.config());
  expect(Object.keys(services)).toHaveLength(1000);
});

/** A docker that ignores SIGTERM, as version 24 does, and starts a Compose that keeps its output open. */
const stubborn = `#!/bin/sh
trap '' TERM
sleep 1000 &
echo $! >"$(dirname "$0")/pid"
wait
`;

test('an abort ends Compose as well, and what it has started', async () => {
  await withDocker(stubborn, async (compose, directory) => {
    const stop = new AbortController();
    const up = compose.up('ocibench-1', '{}', stop.signal);
    while (!existsSync(join(directory, 'pid'))) await sleep(20);
    stop.abort();
    expect(await up).toBeNull();
    const pid = Number(await readFile(join(directory, 'pid'), 'utf8'));
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 30_000 }).toBe(false);
  });
}, 120_000);
