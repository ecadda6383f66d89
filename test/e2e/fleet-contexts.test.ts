import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PrivateDockerd, privateDockerd } from './private-dockerd.ts';
import { canRun, ocibench, workplace } from './support.ts';

describe.skipIf(!canRun)('a handful of Docker contexts', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let daemons: readonly PrivateDockerd[] = [];
  const limit = 300_000;
  const dockerConfig = () => join(place.path, 'docker');

  /** A context as the Docker CLI stores it. */
  async function addContext(name: string, socket: string): Promise<void> {
    const meta = join(dockerConfig(), 'contexts/meta', createHash('sha256').update(name).digest('hex'));
    await mkdir(meta, { recursive: true });
    const Endpoints = { docker: { Host: `unix://${socket}`, SkipTLSVerify: false } };
    await writeFile(join(meta, 'meta.json'), JSON.stringify({ Name: name, Endpoints }));
  }

  beforeAll(async () => {
    place = await workplace();
    daemons = await Promise.all(['a', 'b'].map((name) => privateDockerd(join(place.path, `daemon-${name}`))));
    for (const [at, name] of ['a', 'b'].entries()) await addContext(name, daemons[at]?.socket ?? '');
    await addContext('gone', join(place.path, 'nobody.sock'));
  }, limit);
  afterAll(async () => {
    await Promise.all(daemons.map((daemon) => daemon[Symbol.asyncDispose]()));
    await rm(place.path, { recursive: true, force: true });
  }, limit);

  const fleet = (...words: readonly string[]) =>
    ocibench(['fleet', 'contexts', ...words], place.path, { DOCKER_CONFIG: dockerConfig() });
  const small = [
    '--runtimes',
    'runc',
    '--workloads',
    'startup/echo',
    '--blocks',
    '1..1',
    '--set',
    'report=false',
  ];

  test(
    'each into its own directory with one seed; a daemon that is not there does not lose the others',
    async () => {
      const { exitCode, stdout, stderr } = await fleet(
        '--contexts',
        'a,gone,b',
        '--at-once',
        '2',
        '--out',
        'fleet',
        '--',
        ...small,
      );
      expect(exitCode, stderr).toBe(1);
      expect(stdout).toMatch(/^a: ran\nb: ran\ngone: did not run: ocibench exited with code 3/);
      const seeds: number[] = [];
      for (const name of ['a', 'b']) {
        const results = join(place.path, 'fleet', name, 'results');
        const [run = ''] = (await readdir(results)).filter((each) => /^\d/.test(each));
        const record = JSON.parse(await readFile(join(results, run, 'run.json'), 'utf8'));
        expect(record.status).toBe('complete');
        expect(record.engine.endpoint).toContain(`daemon-${name}/docker.sock`);
        seeds.push(record.seed);
        expect(await readFile(join(place.path, 'fleet', name, 'run.log'), 'utf8')).toContain('startup/echo');
      }
      expect(new Set(seeds).size).toBe(1);
    },
    limit,
  );

  test('what cannot be is said at once, before anything begins', async () => {
    await addContext('twin', daemons[0]?.socket ?? '');
    const { exitCode, stderr } = await fleet(
      '--contexts',
      'a,none,twin',
      '--at-once',
      '0',
      '--out',
      'never',
      '--',
      '--out',
      'x',
    );
    expect(exitCode).toBe(2);
    for (const said of ['--at-once', 'does not exist', 'are the same daemon', 'remove it after --'])
      expect(stderr).toContain(said);
    expect(await readdir(place.path)).not.toContain('never');
  });
});
