import fc from 'fast-check';
import type { RunFlags } from '../../src/core/config/command-line.ts';
import { embeddedDaemonJson, parseDaemonJson } from '../../src/core/config/daemon-json.ts';
import { parseJsonText } from '../../src/core/config/json-text.ts';
import { parseBenchConfig } from '../../src/core/config/load-config.ts';
import { variantEntries } from '../../src/core/config/matrix.ts';
import { runtimesOf } from '../../src/core/config/registered-runtimes.ts';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { resolvedConfigSchema } from '../../src/core/model/run/run.ts';
import { formatParams } from '../../src/core/model/trial/cell.ts';
import { withoutRuntime, withRuntime } from '../../src/features/options/daemon-json/edit.ts';
import { resolveFlags } from '../support/resolve-flags.ts';
import { hostileNumbers, hostileTexts } from './hostile.ts';
import { damagedJson, jsonText } from './json-mutations.ts';
import { damagedText } from './mutations.ts';
import { assertFinite, type Ending, type FuzzTarget, refusedWith, refusing, target } from './target.ts';

const surroundings = { seed: 1, lang: 'en' } as const;

const goodConfig = {
  preset: 'full',
  runtimes: [
    'runc',
    { name: 'runsc-ptrace', extends: 'runsc', runtimeArgs: ['--platform=ptrace'] },
    { name: 'mine', path: '/opt/mine', runtimeArgs: ['--x'] },
    {
      name: 'kata-fc',
      runtimeType: 'io.containerd.kata-fc.v2',
      options: { ConfigPath: '/k', deep: { a: [1] } },
    },
  ],
  workloads: ['startup', 'io/fio'],
  baseline: 'runc',
  blocks: { min: 7, max: 12 },
  precision: '3%',
  maxTime: '1h30m',
  samplePeriod: '5ms',
  seed: 0,
  engine: 'embedded',
  daemonJson: './daemon.json',
  lang: 'fr',
  labels: { kernel: '6.12' },
  thresholds: { practical: 0.05, alpha: '5%' },
};

/** What a module may export that no JSON can hold. */
const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
});
const exported: fc.Arbitrary<unknown> = fc.oneof(
  damagedJson(fc.constant(goodConfig)),
  fc
    .tuple(fc.constantFrom(...Object.keys(goodConfig), 'ownWorkloads'), anything)
    .map(([key, value]) => ({ ...goodConfig, [key]: value })),
  anything,
  fc.constant(null).map(() => {
    const circle: Record<string, unknown> = { ...goodConfig };
    circle.labels = circle;
    circle.runtimes = [{ name: 'x', runtimeType: 'y', options: { circle } }];
    return circle;
  }),
  fc.constantFrom('preset', 'runtimes', 'labels').map((key) =>
    Object.defineProperty({ ...goodConfig }, key, {
      enumerable: true,
      get: () => {
        throw new Error('a getter that throws');
      },
    }),
  ),
);

const registered = runtimesOf(
  { runtimes: { runsc: { path: '/usr/bin/runsc' } } },
  { present: [], withoutNetwork: [] },
);

function benchConfig(value: unknown): Ending {
  const parsed = parseBenchConfig(value, 'bench.config.ts');
  if (!parsed.ok) return refusedWith(parsed.problems);
  const resolved = resolveFlags({}, parsed.config, surroundings);
  if (!resolved.ok) return refusedWith(resolved.problems);
  resolvedConfigSchema.parse(resolved.resolution.config);
  const variants = variantEntries(resolved.resolution.variants, registered, 'bench.config.ts');
  if (variants.problems.length > 0) return refusedWith(variants.problems);
  // What is accepted is written: into run.json, and into the embedded engine's daemon.json.
  JSON.parse(JSON.stringify(resolved.resolution.config));
  const written = parseDaemonJson(embeddedDaemonJson(variants.entries, {}), 'daemon.json');
  return written.ok ? 'result' : refusedWith(written.problems);
}

const goodWorkload = {
  id: 'app/checkout',
  category: 'app',
  image: 'base',
  title: 'Checkout',
  description: 'x',
  presets: { quick: [{ n: 1 }], standard: [{ n: 1 }, { n: 'two' }], full: [] },
  parameters: { n: 'how many' },
  metrics: [{ id: 'checkout.time', unit: 'ns', better: 'lower', description: 'y' }],
  precision: 0.05,
  observe: { kind: 'series' },
};
const functions = { container: () => ({ command: ['true'], timeoutMs: 1 }), parse: () => [] };
const ownWorkload: fc.Arbitrary<unknown> = fc.oneof(
  damagedJson(fc.constant(goodWorkload)).map((value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...functions, ...value } : value,
  ),
  fc
    .tuple(fc.constantFrom(...Object.keys(goodWorkload), ...Object.keys(functions)), anything)
    .map(([key, value]) => ({ ...goodWorkload, ...functions, [key]: value })),
);

async function ownWorkloads(value: unknown): Promise<Ending> {
  const parsed = parseBenchConfig({ ownWorkloads: [value] }, 'bench.config.ts');
  if (!parsed.ok) return refusedWith(parsed.problems);
  return refusing(async () => {
    const own = (await loadWorkloads(parsed.config.ownWorkloads ?? [])).at(-1);
    if (own === undefined) throw new Error('it is gone');
    // What the schedule, `list` and the analysis rely on.
    for (const params of Object.values(own.presets).flat()) formatParams(params);
    for (const { id, unit, better } of own.metrics)
      if (!id || !unit || !better) throw new Error('an empty metric');
    assertFinite(own.precision);
  });
}

const goodDaemon = {
  debug: true,
  'log-opts': { 'max-size': '10m' },
  dns: ['8.8.8.8'],
  mtu: 1500,
  'default-runtime': 'crun',
  'exec-opts': ['native.cgroupdriver=systemd'],
  labels: ['a=b'],
  'default-address-pools': [{ base: '172.30.0.0/16', size: 24 }],
  runtimes: {
    crun: { path: '/usr/bin/crun' },
    runsc: { path: '/usr/bin/runsc', runtimeArgs: ['--platform=systrap'] },
    kata: { runtimeType: 'io.containerd.kata.v2', options: { ConfigPath: '/etc/kata.toml' } },
  },
};
const daemonText = fc.oneof(
  damagedText(fc.constant(JSON.stringify(goodDaemon, null, 2))),
  damagedJson(fc.constant(goodDaemon)).map((value) => jsonText(value, 2)),
  fc.nat({ max: 200_000 }).map((depth) => '['.repeat(depth)),
  fc.nat({ max: 50_000 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
);

function daemonJson(text: string): Ending {
  const parsed = parseDaemonJson(text, 'daemon.json');
  if (!parsed.ok) return refusedWith(parsed.problems);
  const entries = runtimesOf(parsed.config, { present: [], withoutNetwork: [] });
  JSON.parse(embeddedDaemonJson(entries, {}));
  const name = 'added-by-the-test';
  const added = withRuntime(text, name, { path: '/x' });
  if (!parseDaemonJson(added, 'daemon.json').ok) throw new Error(`an edit spoilt it: ${added}`);
  if (!parseDaemonJson(withoutRuntime(added, name), 'daemon.json').ok) throw new Error('a removal spoilt it');
  return 'result';
}

function jsonFile(text: string): Ending {
  const json = parseJsonText(text, 'bench.config.json');
  if (!json.ok) return refusedWith(json.problems);
  return json.duplicates.length > 0 ? refusedWith(json.duplicates) : benchConfig(json.value);
}

type FuzzedFlag = Exclude<
  keyof RunFlags,
  'config' | 'duet' | 'insecureTcp' | 'judge' | 'out' | 'progress' | 'report' | 'resume' | 'until' | 'wait'
>;
const goodFlags: Record<FuzzedFlag, string> = {
  preset: 'quick',
  runtimes: 'runc,runsc',
  layers: 'docker,containerd,oci',
  profiles: 'plain,no-new-privileges',
  workloads: 'startup,io/fio',
  baseline: 'runc',
  blocks: '7..12',
  precision: '3%',
  maxTime: '10m',
  samplePeriod: '100ms',
  stepLimit: '30s',
  seed: '42',
  engine: 'auto',
  daemonJson: '/etc/docker/daemon.json',
  context: 'default',
  lang: 'fr',
  set: 'labels.a=b',
  image: 'shop:1.2',
  ready: '8080',
  load: 'wrk -d1s http://{address}:8080/',
};
const flagValue = fc.oneof(
  fc.constantFrom(...hostileTexts, ...hostileNumbers),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(...Object.values(goodFlags)).chain((text) => damagedText(fc.constant(text))),
);
const flags = fc.dictionary(fc.constantFrom(...Object.keys(goodFlags)), flagValue, { maxKeys: 4 }).map(
  ({ set, ...others }): RunFlags => ({
    ...goodFlags,
    set: ['labels.a=b'],
    ...others,
    ...(set === undefined ? {} : { set: [set] }),
  }),
);

function commandLine(given: RunFlags): Ending {
  const resolved = resolveFlags(given, null, surroundings);
  if (!resolved.ok) return refusedWith(resolved.problems);
  resolvedConfigSchema.parse(resolved.resolution.config);
  assertFinite(resolved.resolution.config);
  return 'result';
}

/** Readers of what people configure. */
export const configTargets: readonly FuzzTarget[] = [
  target('bench.config.ts: exported value', exported, benchConfig, { weight: 4 }),
  target('bench.config.json: text', damagedText(fc.constant(JSON.stringify(goodConfig, null, 2))), jsonFile, {
    weight: 3,
  }),
  target('bench.config.ts: workloads of one’s own', ownWorkload, ownWorkloads, { weight: 3 }),
  target('daemon.json: text', daemonText, daemonJson, { weight: 6 }),
  target('flags of the command line', flags, commandLine, { weight: 4 }),
];
