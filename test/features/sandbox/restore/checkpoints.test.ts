import { describe, expect, test } from 'vitest';
import { absent, present } from '../../../../src/core/metrics/figure.ts';
import type { Figure, TrialOutcome } from '../../../../src/core/model/trial/trial.ts';
import csv from '../../../../src/features/sandbox/exports/checkpoints-csv.ts';
import { checkpointsOf } from '../../../../src/features/sandbox/restore/checkpoints.ts';
import section from '../../../../src/features/sandbox/sections/checkpoints.ts';
import { reportContext } from '../../../../src/report/context.ts';
import { renderMarkdown } from '../../../../src/report/renderers/markdown.ts';
import { standard } from '../../../report/charts/drawn.ts';
import { cell, runRecord, runSubject, runtimeFacts, trialRecord } from '../../../support/records.ts';

const engineNames = ['docker-26', 'docker-28'] as const;
const versions = { 'docker-26': '26.1.5+dfsg1', 'docker-28': '28.5.2+dfsg4' } as const;

const run = (() => {
  const plain = runRecord();
  return runRecord({
    engines: engineNames.map((name) => ({
      name,
      facts: { ...plain.engine, version: versions[name] },
      programs: [],
      runtimes: [
        { name: 'runc', path: null, version: name === 'docker-26' ? '1.1.15' : '1.3.6', sha256: null },
      ],
    })),
    runtimes: [
      { ...runtimeFacts('runc'), family: 'runc', version: '1.1.15' },
      { ...runtimeFacts('crun'), family: 'crun', version: '1.21' },
      { ...runtimeFacts('runsc'), family: 'runsc', version: '20240729.0' },
    ],
    subjects: [
      ...engineNames.map((engine) => runSubject('restore/node', { engine })),
      runSubject('restore/node', {
        layer: 'containerd',
        unsupported: { crun: 'crun-wasm takes no options for a checkpoint' },
      }),
      runSubject('startup/echo'),
    ],
  });
})();

const marksOf = (...names: readonly string[]) => names.map((name, atNs) => ({ name, atNs }));
const both = ['checkpoint-begin', 'checkpoint-end'];
const right = ['restore-begin', 'restore-right'];

/** As dockerd 26.1.5 said it, twice with other digests. */
const stillThere = (digest: string) =>
  absent({
    id: 'external',
    text: `failed to upload checkpoint to containerd: commit failed: content sha256:${digest}: already exists`,
  });

let trialIds = 0;
function seen(
  runtime: string,
  engine: string,
  names: readonly string[],
  {
    outcome = { status: 'ok' },
    ...more
  }: { outcome?: TrialOutcome; figures?: Readonly<Record<string, Figure>>; block?: number } = {},
) {
  const trial = trialRecord({
    block: 1,
    ...more,
    outcome,
    marks: marksOf('create-begin', ...names),
    cell: { ...cell(runtime, 'restore/node'), engine },
    trialId: `t${trialIds++}`,
  });
  return { trial, outcome };
}

const noNetwork: TrialOutcome = {
  status: 'unsupported',
  reason: 'this dockerd cannot restore a container without a network',
};
const criu = { 'criu.version': present(40_101, '/usr/sbin/criu --version') };

const trials = [
  seen('runc', 'docker-26', [...both, ...right], { block: 0, figures: criu }),
  seen('runc#2', 'docker-26', [...both, 'restore-begin', ...right], {
    figures: { 'restore.refused.0': stillThere('0a1b'), ...criu },
  }),
  seen('runc', 'docker-26', [...both, 'restore-begin', ...right], {
    figures: { 'restore.refused.0': stillThere('2c3d') },
  }),
  seen('runc', 'docker-28', [...both, ...Array(3).fill('restore-begin')], {
    block: 0,
    outcome: noNetwork,
    figures: { 'restore.refused.0': stillThere('4e'), 'restore.refused.1': stillThere('5f') },
  }),
  seen('runsc', 'docker-26', [...both, 'restore-begin'], {
    outcome: {
      status: 'failed',
      step: 'run',
      error: { code: 'step-failed', message: 'after the restore the service answered "1", not 2' },
    },
  }),
  seen('runsc', 'docker-26', [...both, ...right]),
  seen('runsc', 'docker-26', ['checkpoint-begin'], { outcome: { status: 'interrupted' } }),
];

describe('the checkpoints of two engines', () => {
  const rows = checkpointsOf(run, trials);
  const of = (engine: string | null, runtime: string) =>
    rows.find((row) => row.engine === engine && row.runtime === runtime);

  test('every call counts, those of the warm-up and of both arms of the baseline, too', () => {
    expect(of('docker-26', 'runc')).toMatchObject({
      engineVersion: '26.1.5+dfsg1',
      runtimeVersion: '1.1.15',
      usesCriu: true,
      criu: '4.1.1',
      checkpointCalls: 3,
      stored: 3,
      restoreCalls: 5,
      restored: 3,
      why: { text: 'containerd still had a part of the checkpoint, and dockerd stored it again' },
    });
  });

  test('a row that the warm-up refused has its call and its reason, with the versions of its own engine', () => {
    expect(of('docker-28', 'runc')).toMatchObject({
      engineVersion: '28.5.2+dfsg4',
      runtimeVersion: '1.3.6',
      criu: '4.1.1',
      checkpointCalls: 1,
      stored: 1,
      restoreCalls: 3,
      restored: 0,
      why: { text: 'this dockerd cannot restore a container without a network' },
    });
  });

  test('a service without its state is not restored; an interrupted trial says nothing', () => {
    expect(of('docker-26', 'runsc')).toMatchObject({
      usesCriu: false,
      criu: null,
      checkpointCalls: 2,
      stored: 2,
      restoreCalls: 2,
      restored: 1,
      why: { text: expect.stringContaining('the service answered') },
    });
  });

  test('what nobody tried has its reason', () => {
    expect(of(null, 'crun')).toMatchObject({
      layer: 'containerd',
      checkpointCalls: 0,
      restoreCalls: 0,
      why: { text: 'crun-wasm takes no options for a checkpoint' },
    });
    expect(rows.map(({ engine, runtime }) => `${engine} ${runtime}`)).toEqual([
      'docker-26 runc',
      'docker-26 runsc',
      'docker-28 runc',
      'null crun',
    ]);
  });
});

test('the report has them as a table, the run as checkpoints.csv', () => {
  const context = reportContext({ ...standard, run, trials, lang: 'en' });
  const shown = renderMarkdown(section.blocks(context), 'en', '').replaceAll(/ +/g, ' ');
  expect(shown).toContain(
    '| docker-26 26.1.5+dfsg1 | `runc` | CRIU 4.1.1 | 3 of 3 | 3 of 5 | containerd still had a part of the checkpoint',
  );
  expect(shown).toContain(
    '| docker-26 26.1.5+dfsg1 | `runsc` | the runtime | 2 of 2 | 1 of 2 | run: after the restore',
  );
  expect(csv.content({ run, trials })?.split('\n')[1]).toBe(
    'docker,docker-26,26.1.5+dfsg1,runc,1.1.15,4.1.1,3,3,5,3,"containerd still had a part of the checkpoint, and dockerd stored it again"',
  );
});

test('a run that restores nothing has neither', () => {
  const context = reportContext({ ...standard, lang: 'en' });
  expect(section.blocks(context)).toEqual([]);
  expect(csv.content(context)).toBeNull();
});
