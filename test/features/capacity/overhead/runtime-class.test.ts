import { Ajv2020 } from 'ajv/dist/2020.js';
import { RuntimeClass } from 'kubernetes-models/node.k8s.io/v1/RuntimeClass';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { loadWorkloads } from '../../../../src/core/config/workloads.ts';
import { guestDefaultMemory } from '../../../../src/core/runtimes/guest/guest-memory.ts';
import { containerLimits } from '../../../../src/features/capacity/overhead/container-limit.ts';
import { kataEstimate } from '../../../../src/features/capacity/overhead/guest-memory.ts';
import { computeOverhead } from '../../../../src/features/capacity/overhead/overhead.ts';
import type { Overhead } from '../../../../src/features/capacity/overhead/overhead-record.ts';
import { measuredRun } from '../../../../src/features/capacity/overhead/parts.ts';
import { runtimeClasses } from '../../../../src/features/capacity/overhead/runtime-class.ts';
import { overheadTable } from '../../../../src/features/capacity/overhead/table.ts';
import { type KnownRunOptions, knownRun } from './known-run.ts';
import { runtimeClassSchema } from './runtime-class-schema.ts';

const validate = new Ajv2020({ allErrors: true, strict: true }).compile(runtimeClassSchema);

const workloads = await loadWorkloads();

function made(options: KnownRunOptions = { blocks: 12 }): Overhead {
  const { run, trials } = knownRun(options);
  const measured = measuredRun(run, trials, workloads);
  return computeOverhead({
    measured,
    native: 'runc',
    runtimes: null,
    confidence: 0.95,
    guestBytes: guestDefaultMemory,
    computed: [kataEstimate(guestDefaultMemory)],
  });
}

const yamlOf = (overhead: Overhead) => runtimeClasses(overhead);

/** The documents of a YAML stream; a fault of its syntax fails. */
function documents(text: string): readonly unknown[] {
  return parseAllDocuments(text).map((document) => {
    if ('errors' in document) expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

describe('the RuntimeClass objects', () => {
  let overhead: Overhead;
  beforeAll(() => {
    overhead = made();
  });

  test('are as the API of Kubernetes has them, one for each runtime', () => {
    const objects = documents(yamlOf(overhead));
    for (const object of objects) {
      expect(validate(object), JSON.stringify(validate.errors)).toBe(true);
      new RuntimeClass(object as never).validate();
    }
    expect(objects).toMatchObject([
      { handler: 'runc', overhead: { podFixed: { memory: '5Mi', cpu: '1m' } } },
      { handler: 'crun', overhead: { podFixed: { memory: '5Mi', cpu: '1m' } } },
      { handler: 'runsc', overhead: { podFixed: { memory: '40Mi', cpu: '3m' } } },
      { handler: 'kata', overhead: { podFixed: { memory: '2222Mi' } } },
    ]);
  });

  test('say in comments where the numbers are from', () => {
    const text = yamlOf(overhead);
    const [, , runsc = '', kata = ''] = text.split('---\n');
    for (const part of [
      '20250101-000000-ab12',
      'host',
      '6.12.0',
      '26.1.5',
      'runsc version 1.0',
      'systrap',
      '12',
    ])
      expect(runsc).toContain(part);
    expect(runsc).toMatch(/38\.\d MiB \[\d+\.\d MiB, /);
    expect(kata).toMatch(/COMPUTED, not measured/);
    // The capture has sums of mappings only, so that the translated code cannot be taken out.
    expect(kata).toMatch(
      /under emulation \(QEMU TCG\)\.[\s\S]*QEMU, 164\.7 MiB, includes translated code[\s\S]*nothing is subtracted/,
    );
    expect(text.split('\n').every((line) => line.startsWith('#') || !line.includes('undefined'))).toBe(true);
  });

  test('say what has no field', () => {
    const [, , runsc = ''] = yamlOf(overhead).split('---\n');
    expect(runsc).toMatch(/# Not in podFixed, because Kubernetes has no field for it: 0\.\d+% \[/);
    expect(runsc).toMatch(/# Once per host, .*: (49|50|51)\.\d MiB/);
  });

  test('are none where there is no interval', () => {
    expect(yamlOf({ ...made({ blocks: 4 }), computed: [] })).toBe('');
  });

  test.each([
    'host\napiVersion: evil/v1',
    'host\rkind: Pod',
    'host\u2028kind: Pod',
    'host\u0085kind: Pod',
    '\u001b[2J',
    'a: "b',
  ])('stay the same objects beside the name %j of a host', (hostname) => {
    const hostile = { ...overhead, host: { ...overhead.host, hostname, kernel: hostname } };
    const text = yamlOf(hostile);
    expect(documents(text)).toEqual(documents(yamlOf(overhead)));
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u0085\u2028]/);
  });

  test('have a name that Kubernetes takes, whatever the runtime is called', () => {
    const named = (runtime: string) => ({
      ...overhead,
      computed: [],
      runtimes: overhead.runtimes.slice(0, 1).map((each) => ({ ...each, runtime })),
    });
    for (const runtime of ['Injected_64MiB', 'a"\nkind: Pod', '...', `${'x'.repeat(100)}`, 'é']) {
      const [object] = documents(yamlOf(named(runtime)));
      expect(validate(object), `${runtime}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
  });
});

describe('the schema refuses', () => {
  const [good = {}] = documents(yamlOf(made()));
  const object = good as { overhead: { podFixed: object } };

  test.each<readonly [string, unknown]>([
    ['an unknown field', { ...object, overheads: {} }],
    ['a misspelt part', { ...object, overhead: { podFixd: object.overhead.podFixed } }],
    ['a quantity that is none', { ...object, overhead: { podFixed: { memory: '39 MiB' } } }],
    ['a negative quantity', { ...object, overhead: { podFixed: { memory: '-1Mi' } } }],
    ['a number where a text is written', { ...object, overhead: { podFixed: { cpu: 1 } } }],
    ['a resource that no pod asks for', { ...object, overhead: { podFixed: { Memory: '1Mi' } } }],
    ['no handler', { ...object, handler: undefined }],
    ['a handler with a dot', { ...object, handler: 'a.b' }],
    ['a name in capitals', { ...object, metadata: { name: 'Runsc' } }],
    ['another version', { ...object, apiVersion: 'node.k8s.io/v1beta1' }],
  ])('%s', (_, value) => {
    expect(validate(good)).toBe(true);
    expect(validate(JSON.parse(JSON.stringify(value)))).toBe(false);
  });
});

describe('limits of Docker', () => {
  const texts = (overhead: Overhead) => containerLimits(overhead).map(({ text }) => text);

  test('need nothing for runc and crun, and the sentry’s memory for runsc', () => {
    const [runc, crun, runsc] = texts(made());
    for (const text of [runc, crun])
      expect(text).toMatch(/holds only the program, .* (3\.9|4\.\d) MiB more \(shim\)/);
    // 256 MiB of the program, 34 MiB of the sentry, 0.6 % of the program.
    expect(runsc).toMatch(/^runsc: 3[34]\.\d MiB \+ 0\.\d+% .* at least 29[234]m for a program of 256 MiB\./);
  });

  test('are the guest’s under a virtual machine', () => {
    const overhead = made();
    const [, , runsc] = overhead.runtimes;
    if (runsc?.size == null) throw new Error('no runsc');
    const vm = { ...runsc, size: { ...runsc.size, inside: null } };
    expect(texts({ ...overhead, runtimes: [vm] })).toEqual([expect.stringContaining('applies to the guest')]);
  });

  test('are not known without an interval', () => {
    for (const text of texts(made({ blocks: 3 }))) expect(text).toContain('is unknown');
  });
});

describe('the table', () => {
  test('has every figure with its interval and blocks', () => {
    const overhead = made();
    const table = overheadTable(overhead, containerLimits(overhead));
    for (const part of [
      'runc',
      'crun',
      'runsc',
      'kata',
      '40Mi',
      '3m',
      '2222Mi',
      '20250101-000000-ab12',
      '6.12.0',
    ])
      expect(table).toContain(part);
    expect(table).toMatch(/memory, fixed +38\.\d MiB \[/);
    expect(table.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  test('says why a figure is missing, once', () => {
    const table = overheadTable(made({ blocks: 5 }), []);
    expect(table.match(/5 blocks are too few for an interval at 95%: it takes 6/g)).toHaveLength(1);
    expect(table).toContain('runc, crun, runsc (memory): 5 blocks');
  });
});
