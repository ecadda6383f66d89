import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AskQuestion, type InitFlags, type InitQuestion, initialize } from '../../src/app/init.ts';
import { loadConfig } from '../../src/core/config/load-config.ts';
import { testContext } from '../support/app-context.ts';
import { resolveFlags } from '../support/resolve-flags.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ocibench-init-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const init = (flags: InitFlags, ask: AskQuestion | null = null) => {
  const app = testContext();
  return initialize({ ...app, environment: { ...app.environment, workingDirectory: directory } }, flags, ask);
};

/** Answers questions in turn; `asked` says which were asked, and after which complaint. */
function answering(answers: Readonly<Partial<Record<InitQuestion, readonly string[]>>>) {
  const asked: string[] = [];
  const left = new Map(Object.entries(answers).map(([question, all]) => [question, [...all]]));
  const ask: AskQuestion = async (question, complaint) => {
    asked.push(complaint === null ? question : `${question}: ${complaint.key}`);
    return left.get(question)?.shift() ?? '';
  };
  return { ask, asked };
}

const shop = {
  image: 'reg.example/shop:1.2',
  cmd: 'serve --greeting \'hello "you"\'',
  ready: '8080',
  load: "wrk 'http://{address}:8080/?a=1&b=2'",
  env: { MODE: 'fast' },
};

test.each(['bench.config.ts', 'bench.config.json'])('%s says what the options of run say', async (file) => {
  await init({ ...shop, file });
  const loaded = await loadConfig(null, directory);
  const surroundings = { seed: 1, lang: 'en' } as const;
  const ofFile = resolveFlags({}, loaded?.config ?? null, surroundings);
  const ofFlags = resolveFlags(shop, null, surroundings);
  expect(ofFile).toMatchObject({
    ok: true,
    resolution: { config: ofFlags.ok ? ofFlags.resolution.config : null },
  });
});

describe('questions', () => {
  test('are asked until their answers can be used', async () => {
    const { ask, asked } = answering({
      image: ['', 'shop:1'],
      cmd: ['a | b', 'serve'],
      ready: ['(', '8080'],
      load: ['wrk http://x', ''],
    });
    const { path } = await init({}, ask);
    expect(asked).toEqual([
      'image',
      'image',
      'cmd',
      'cmd: --cmd',
      'ready',
      'ready: --ready',
      'load',
      'load: --load',
    ]);
    expect(await readFile(path, 'utf8')).toContain('workloads: ["startup/own-shop","memory/own-shop"]');
  });

  test('of a job end without a load', async () => {
    const { ask, asked } = answering({ image: ['shop'] });
    await init({}, ask);
    expect(asked).toEqual(['image', 'cmd', 'ready']);
  });

  test('that are not answered write nothing', async () => {
    await expect(init({}, async () => null)).rejects.toMatchObject({ exitCode: 130 });
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('nothing is written', () => {
  test('over a configuration of any form', async () => {
    await writeFile(join(directory, 'bench.config.json'), '{}');
    await expect(init(shop)).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ file: join(directory, 'bench.config.json'), message: 'already exists' }],
    });
  });

  test.each<readonly [InitFlags, string]>([
    [{}, 'there is no terminal'],
    [{ image: 'x', file: 'bench.yaml' }, 'no configuration was written'],
    [{ image: 'x', load: 'wrk' }, 'no configuration was written'],
  ])('for %j', async (flags, message) => {
    await expect(init(flags)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    });
    expect(await readdir(directory)).toEqual([]);
  });
});
