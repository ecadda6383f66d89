// From nothing to a decision, by every command of docs/capacity.md in its order.
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'shell-quote';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { overheadWorkloads } from '../../src/features/capacity/overhead/parts.ts';
import { type OtherDaemon, startOtherDaemon } from './docker-daemon.ts';
import { foreignContainers } from './foreign-containers.ts';
import { canRun, ocibench, root, workplace } from './support.ts';

/** Commands of the document's code blocks, in its order: their words behind `ocibench`, and as they are written there. */
async function documented(): Promise<
  readonly { readonly line: string; readonly words: readonly string[] }[]
> {
  const text = await readFile(join(root, 'docs/capacity.md'), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block ?? '');
  return blocks.flatMap((block) =>
    block
      .trim()
      .split('\n')
      .map((line) => {
        const words = parse(line).filter((word) => typeof word === 'string');
        const [program, ...rest] = words[0] === 'sudo' ? words.slice(1) : words;
        if (program !== './ocibench') throw new Error(`a line of docs/capacity.md is no command: ${line}`);
        return { line, words: rest };
      }),
  );
}

/** The load is shortened: the cheapest of what each command needs, in one block after the warm-up, for two runtimes. */
const works = [...overheadWorkloads, 'app/lua'];
/** Measured blocks that stand in for those of the remaining quarter of an hour. */
const blocks = 10;

const services = `
services:
  - { name: web, replicas: 3, recording: RECORDING, workload: app/lua }
  - { name: worker, replicas: 4, workload: app/lua, cpu: { usage: 500m }, memory: { usage: 64Mi } }
hosts: [{ name: large, cpus: 64, memory: 256Gi, price: 100 }]
`;

const commands = canRun ? await documented() : [];

describe.skipIf(!canRun)('every command of docs/capacity.md', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let daemon: OtherDaemon;
  let web = '';

  const results = () => join(place.path, 'results');
  const run = () => readlink(join(results(), 'latest'));

  beforeAll(async () => {
    place = await workplace();
    daemon = await startOtherDaemon();
    const foreign = foreignContainers(daemon.docker, place.path);
    await foreign.start('idle');
    const container = await daemon.docker.createContainer({
      name: 'web',
      Image: 'foreign/app:1',
      Cmd: ['/bin/sh', '-c', 'while :; do :; done'],
      HostConfig: { NanoCpus: 4e8, NetworkMode: 'none' },
    });
    await container.start();
    web = container.id;
    await container.pause();
  }, 300_000);
  afterAll(async () => {
    await foreignContainers(daemon.docker, place.path).removeAll();
    await daemon.stop();
    await place.remove();
  }, 120_000);

  /** What is added to a command, so that it takes seconds and finds its targets here. */
  function shortened(words: readonly string[], id: string): readonly string[] {
    const asked = words.map((word) =>
      word === 'RUN' ? id : word === '/system.slice/nginx.service' ? `/other-docker/${web}` : word,
    );
    const [, command] = asked;
    if (command === 'record') return [...asked, '--for', '2s'];
    if (command !== 'measure') return asked;
    return [
      ...asked,
      '--set',
      `daemonJson=${place.daemonJson}`,
      '--engine',
      'embedded',
      '--runtimes',
      'runc,runsc',
      '--workloads',
      works.join(','),
      '--blocks',
      '1..1',
    ];
  }

  /** Repeats the measured block, as if the run had gone on for its whole time. */
  async function goOn(): Promise<void> {
    const path = join(results(), await run());
    for (const name of ['schedule.jsonl', 'trials.jsonl']) {
      const file = join(path, name);
      const lines = (await readFile(file, 'utf8')).trim().split('\n');
      const own = lines.filter((line) => JSON.parse(line).block === 1);
      expect(own.length).toBeGreaterThan(0);
      const more = Array.from({ length: blocks - 1 }, (_, at) =>
        own.map((line) =>
          line
            .replace('"block":1,', `"block":${at + 2},`)
            .replaceAll('b001p', `b${String(at + 2).padStart(3, '0')}p`),
        ),
      ).flat();
      await writeFile(file, [...lines, ...more].map((line) => `${line}\n`).join(''));
    }
  }

  async function writeServices(): Promise<void> {
    const newest = (await readdir(results()))
      .filter((name) => name.startsWith('recording-'))
      .toSorted()
      .at(-1);
    const text = services.replace('RECORDING', `results/${newest}/recording.json`);
    await writeFile(join(place.path, 'services.yaml'), text);
  }

  test('the way from nothing to a decision comes first, and all parts are in it', () => {
    expect(commands.slice(0, 4).map(({ words }) => words.slice(0, 3).join(' '))).toEqual([
      'capacity measure',
      'capacity overhead --yaml',
      'capacity record --container',
      'capacity plan services.yaml',
    ]);
    expect(commands.length).toBeGreaterThan(11);
  });

  test.each(commands)(
    '$line',
    async ({ words }) => {
      const [, command, target] = words;
      const id = command === 'measure' ? '' : await run();
      // It works while it is recorded, and disturbs no measurement.
      if (command === 'record') await daemon.docker.getContainer(web).unpause();
      const { exitCode, stdout, stderr } = await ocibench(shortened(words, id), place.path, {
        DOCKER_HOST: daemon.host,
      });
      if (command === 'record') await daemon.docker.getContainer(web).pause();
      expect(exitCode, `${stdout}${stderr}`).toBe(0);
      expect(stdout).not.toBe('');
      if (command === 'measure') await goOn();
      if (target === '--container') await writeServices();
    },
    600_000,
  );
});
