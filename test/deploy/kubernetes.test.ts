import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { type IJob, Job } from 'kubernetes-models/batch/v1/Job';
import { type INamespace, Namespace } from 'kubernetes-models/v1/Namespace';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { runOptions } from '../../src/cli/options.ts';
import { parseOptions } from '../../src/cli/program.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { parseFlags } from '../../src/core/config/command-line.ts';

const recipe = join(import.meta.dirname, '../../deploy/kubernetes/ocibench.yaml');
const text = await readFile(recipe, 'utf8');
const documents = parseAllDocuments(text, { strict: true, uniqueKeys: true });
const [namespace, job] = documents.map((each) => each.toJS()) as [INamespace, IJob];
const pod = job.spec?.template.spec;
const script = pod?.containers[0]?.args?.[0] ?? '';

let place = '';
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-pod-'));
  await mkdir(join(place, 'bin'));
  await mkdir(join(place, 'out'));
});
afterEach(() => rm(place, { recursive: true }));

test('the manifests are YAML, and fit the schemas of Kubernetes, which refuse what is wrong', () => {
  expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  expect(documents).toHaveLength(2);
  new Namespace(namespace).validate();
  new Job(job).validate();
  const wrong = { ...job, spec: { ...job.spec, completionMode: 'Indexd' } } as never;
  expect(() => new Job(wrong).validate()).toThrow();
});

test('as many pods at once as nodes, no two of them on one, in the namespace that is made', () => {
  expect(job.metadata).toMatchObject({ name: 'ocibench', namespace: namespace.metadata?.name });
  const { completions, parallelism } = job.spec ?? {};
  expect([completions, parallelism]).toEqual([3, 3]);
  const [term] = pod?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  // Kubernetes gives the pods of a Job this label.
  expect(term).toEqual({
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: { 'job-name': 'ocibench' } },
  });
});

test('what is mounted is a volume of the pod, and policies name its container', () => {
  const volumes = pod?.volumes?.map(({ name }) => name) ?? [];
  for (const { name } of pod?.containers[0]?.volumeMounts ?? []) expect(volumes).toContain(name);
  const rules = job.spec?.podFailurePolicy?.rules ?? [];
  expect(rules.flatMap(({ onExitCodes }) => onExitCodes?.containerName ?? [])).toEqual([
    pod?.containers[0]?.name,
  ]);
});

/** Starts the pod's script with a program in ocibench's place, and its own directory for results. */
async function start(
  program: string,
  onStart: (pod: { kill(signal: 'SIGTERM'): boolean }) => unknown = () => undefined,
) {
  const file = join(place, 'bin/ocibench');
  await writeFile(file, `#!/bin/sh\n${program}\n`);
  await chmod(file, 0o755);
  // Kubernetes would replace these.
  expect(script).not.toContain('$(');
  const started = execa('sh', ['-c', script.replaceAll('/out', join(place, 'out'))], {
    reject: false,
    all: true,
    stdin: 'ignore',
    env: { PATH: `${join(place, 'bin')}:${process.env.PATH}`, NODE: 'node-1' },
  });
  onStart(started);
  return started;
}

const writes = () => {
  const results = join(place, 'out/results');
  return `mkdir -p ${results}/R && ln -s R ${results}/latest && printf '%s\\n' "$@" >${results}/R/words`;
};

test('the log holds the run, which the words of the header take out again', async () => {
  const { exitCode, all } = await start(`${writes()}; exit 1`);
  // Some measurements failed: that is a result.
  expect(exitCode).toBe(0);
  await writeFile(join(place, 'pod.log'), `before\n${all}\nafter\n`);
  const [, take = ''] = /logs "\$pod" \| (.*) >/.exec(text) ?? [];
  await execa('sh', ['-c', `cat pod.log | ${take} | tar -xzf -`], { cwd: place });
  // Archives with links are not merged.
  expect(await readdir(join(place, 'results'))).toEqual(['R']);
  const words = (await readFile(join(place, 'results/R/words'), 'utf8')).trim().split('\n');
  expect(words).toContain('labels.node=node-1');
  const terminal = openTerminal(process, { lang: 'en', environment: {} });
  const flags = parseOptions('run', runOptions, words.slice(1), terminal);
  expect([words[0], parseFlags(flags).problems]).toEqual(['run', []]);
});

test.each([2, 3, 130])('exit code %d is the pod’s', async (code) => {
  expect(await start(`exit ${code}`)).toMatchObject({ exitCode: code });
});

test('a pod that is told to end lets the run end what it does, and still prints what there is', async () => {
  const slow = `${writes()}
trap 'echo cleaning; sleep 0.3; echo cleaned; exit 130' TERM
touch ${join(place, 'ready')}
while :; do sleep 0.05; done`;
  const { exitCode, all } = await start(slow, async (pod) => {
    while ((await readFile(join(place, 'ready')).catch(() => null)) === null) await sleep(20);
    pod.kill('SIGTERM');
  });
  expect(exitCode).toBe(130);
  expect(all).toMatch(/cleaning\ncleaned\n-----BEGIN/);
});
