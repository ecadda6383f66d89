import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { action } from '../support/github-action.ts';

const root = resolve(import.meta.dirname, '../..');
const validate = (file: string) =>
  execa('action-validator', [file], { cwd: root, preferLocal: true, localDir: root, reject: false });

test('action.yml is as GitHub wants it', async () => {
  expect(await validate('action.yml')).toMatchObject({ exitCode: 0 });
  const place = await mkdtemp(join(tmpdir(), 'ocibench-action-'));
  await writeFile(join(place, 'action.yml'), 'name: x\nruns:\n  using: composit\n');
  expect((await validate(join(place, 'action.yml'))).exitCode).toBe(1);
  await rm(place, { recursive: true });
});

test('its steps are plain shell, and no input is part of a command', () => {
  expect(action.runs.using).toBe('composite');
  for (const { name, shell, run, uses } of action.runs.steps) {
    expect({ name, shell, uses }).toEqual({ name, shell: 'bash', uses: undefined });
    expect(run).not.toContain('${{');
  }
});

test('an input that holds a command is a word of the options, and nothing else', async () => {
  const place = await mkdtemp(join(tmpdir(), 'ocibench-action-'));
  const script = join(root, 'packaging/action.sh');
  // A command that prints its arguments stands in for ocibench, and one that runs it for sudo, which not everybody has.
  await writeFile(join(place, 'ocibench'), '#!/bin/sh\nprintf "<%s>" "$@"\n', { mode: 0o755 });
  await writeFile(join(place, 'sudo'), '#!/bin/sh\nshift 2; exec "$@"\n', { mode: 0o755 });
  const { stdout } = await execa('bash', [script, 'measure'], {
    cwd: place,
    env: {
      PATH: `${place}:${process.env.PATH}`,
      GITHUB_ACTION_PATH: place,
      OCIBENCH_ARGUMENTS: '--set labels.a=$(touch made)\n  --preset quick ; * `id` $HOME',
      OCIBENCH_OUT: 'a b',
    },
    reject: false,
  });
  await rm(place, { recursive: true });
  const words = [
    '--set',
    'labels.a=$(touch',
    'made)',
    '--preset',
    'quick',
    ';',
    '*',
    '`id`',
    '$HOME',
    '--out',
    'a b',
  ];
  expect(stdout).toBe(`<run>${words.map((word) => `<${word}>`).join('')}`);
});

test('the workflow in docs/install.md is one', async () => {
  const text = await readFile(join(root, 'docs/install.md'), 'utf8');
  const [, workflow = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  const place = await mkdtemp(join(tmpdir(), 'ocibench-workflow-'));
  await writeFile(join(place, 'good.yml'), workflow);
  await writeFile(join(place, 'bad.yml'), workflow.replace('runs-on:', 'run-on:'));
  const ends = await Promise.all(['good.yml', 'bad.yml'].map((name) => validate(join(place, name))));
  await rm(place, { recursive: true });
  expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 1]);
  const given = /with:\n((?: {10}.*\n)+)/.exec(workflow)?.[1] ?? '';
  const names = [...given.matchAll(/^ {10}([\w-]+):/gm)].map(([, name]) => name);
  expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(names));
  for (const name of Object.keys(action.inputs)) expect(text).toContain(`\`${name}\``);
});
