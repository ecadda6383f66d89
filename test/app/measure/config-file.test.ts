import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConfiguration } from '../../../src/app/measure/configuration.ts';
import { registeredRuntimes } from '../../../src/app/measure/registered.ts';
import { parseFlags } from '../../../src/core/config/command-line.ts';
import { testContext } from '../../support/app-context.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-registered-'));
});
afterAll(() => rm(place, { recursive: true }));

/** A configuration of another name than bench.config.ts, opened as `--config` does. */
async function opened(content: object) {
  const config = join(place, 'mine.json');
  await writeFile(config, JSON.stringify(content));
  await writeFile(join(place, 'daemon.json'), '{"runtimes": {"crun": {"path": "/usr/bin/crun"}}}');
  const app = testContext();
  return { config, configuration: await openConfiguration(app, { config }, { here: true }) };
}

test('a fault in the file of --config names that file', async () => {
  const { config, configuration } = await opened({ runtimes: [{ name: 'crun', path: '/usr/bin/crun' }] });
  const resolution = configuration.resolve({ daemonJson: join(place, 'daemon.json') });
  await expect(registeredRuntimes(resolution)).rejects.toMatchObject({
    exitCode: 2,
    message: `${config} cannot be used`,
    problems: [expect.objectContaining({ file: config, key: 'runtimes.crun' })],
  });
});

test('a fault in one of its own workloads does, too', async () => {
  const { config, configuration } = await opened({ ownWorkloads: [{ id: 'startup/echo' }] });
  await expect(configuration.workloads()).rejects.toMatchObject({
    exitCode: 2,
    problems: expect.arrayContaining([expect.objectContaining({ file: config })]),
  });
});

test.each([
  ['a list', [{ name: 'mine', seccomp: './filter.json' }], ['mine']],
  ['an object, beside those of the file', { mine: { seccomp: 'filter.json' } }, ['ofFile', 'mine']],
])(
  'the filter of a profile is found from the working directory where --set gives it: %s',
  async (_, set, names) => {
    const workingDirectory = join(place, 'work');
    await mkdir(workingDirectory, { recursive: true });
    const config = join(place, 'filtered.json');
    await writeFile(config, JSON.stringify({ profiles: { ofFile: { seccomp: './filter.json' } } }));
    await writeFile(join(place, 'filter.json'), '{"defaultAction": "SCMP_ACT_ERRNO"}');
    await writeFile(join(workingDirectory, 'filter.json'), '{"defaultAction": "SCMP_ACT_LOG"}');
    const app = testContext();
    const environment = { ...app.environment, workingDirectory };
    const { request, problems } = parseFlags({ config, set: [`profiles=${JSON.stringify(set)}`] });
    expect(problems).toEqual([]);
    const opened = await openConfiguration({ ...app, environment }, request, { here: true });
    const actions = { mine: 'SCMP_ACT_LOG', ofFile: 'SCMP_ACT_ERRNO' };
    const profiles = opened.resolve(request).config.profiles?.filter(({ name }) => name in actions);
    expect(profiles?.map(({ name }) => name)).toEqual(names);
    for (const { name, seccomp } of profiles ?? [])
      expect(seccomp).toMatchObject({
        file: 'filter.json',
        rules: { defaultAction: actions[name as keyof typeof actions] },
      });
  },
);
