import { Job } from 'kubernetes-models/batch/v1/Job';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseFlags } from '../../../../../src/core/config/command-line.ts';
import { OcibenchError } from '../../../../../src/core/model/error.ts';
import {
  type FleetK8sFlags,
  kubernetesManifests,
} from '../../../../../src/features/fleet/launch/kubernetes/launch.ts';
import { testContext } from '../../../../support/app-context.ts';

const usual: FleetK8sFlags = {
  image: 'registry.example/ocibench:0.1.0',
  mode: 'privileged',
  collect: 'log',
  deadline: '3h',
};
const made = (flags: Partial<FleetK8sFlags>, words: readonly string[] = [], runFlags = {}) =>
  kubernetesManifests(testContext(), { ...usual, ...flags }, { words, ...parseFlags(runFlags) });
const documents = (yaml: string) => parseAllDocuments(yaml).map((each) => each.toJS());
const problemsOf = (flags: Partial<FleetK8sFlags>, runFlags = {}) =>
  made(flags, [], runFlags).then(
    () => [],
    (error: unknown) => {
      if (!(error instanceof OcibenchError)) throw error;
      expect(error.exitCode).toBe(2);
      return error.problems.map(({ key }) => key);
    },
  );

test('a Job for each pool with the same seed, which Kubernetes’ schemas take as they are printed', async () => {
  const { yaml, next } = await made({ pool: ['2', 'kind=b:3'] }, ['--preset', 'quick']);
  const [namespace, ...jobs] = documents(yaml);
  expect(namespace).toMatchObject({ kind: 'Namespace', metadata: { name: 'ocibench' } });
  expect(jobs.map(({ spec }) => spec.completions)).toEqual([2, 3]);
  for (const job of jobs) new Job(job).validate();
  const scripts = jobs.map(({ spec }) => spec.template.spec.containers[0].command[2]);
  expect(scripts[0]).toMatch(/ocibench run --preset quick --set seed=\d+ --engine embedded --out \/out /);
  expect(scripts[1]).toBe(scripts[0]);
  expect(yaml).not.toMatch(/[&*]a1/);
  expect(next.map(({ text }) => text).join('\n')).toMatch(
    /kubectl apply[\s\S]*merge fleet-[\w-]+ --out FLEET/,
  );
});

test('a seed that was given is not drawn, and a namespace that was named is not made', async () => {
  const { yaml } = await made({ namespace: 'mine', mode: 'socket' }, ['--set', 'seed=7'], { seed: '7' });
  const [job, ...others] = documents(yaml);
  expect(others).toEqual([]);
  expect(job).toMatchObject({ kind: 'Job', metadata: { namespace: 'mine' } });
  expect(yaml.match(/seed=/g)).toHaveLength(1);
  expect(yaml).toContain('--engine docker');
});

test('everything that is wrong is said at once', async () => {
  const wrong = { image: 'a b', pool: ['x', '2'], namespace: 'A', claim: 'c', deadline: '1s' };
  expect(await problemsOf(wrong, { engine: 'docker', out: 'x' })).toEqual([
    '--out',
    '--engine',
    '--image',
    '--namespace',
    '--deadline',
    '--claim',
    '--pool',
  ]);
  expect(await problemsOf({ collect: 'volume' })).toEqual(['--collect volume']);
});
