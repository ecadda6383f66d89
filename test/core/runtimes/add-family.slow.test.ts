import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copySource, type SourceCopy } from '../../support/source-copy.ts';

/** A runtime that nobody has: a sandbox with a process of its own for the network. */
const family = `import { messages, reasons } from '../messages/define.ts';
import type { Family } from './family.ts';

const words = messages('runtime.netbox', { network: 'netbox’s stack' });
const names = messages('role', { netboxd: 'netboxd (netbox network)' });
const text = reasons('preflight', {
  netboxKey: { message: 'netbox found no key of {owner}', fix: 'netbox keygen --owner {owner}' },
});

const netbox: Family = {
  id: 'netbox',
  product: 'NetBox',
  order: 50,
  recognition: { pattern: /netbox/i, priority: 50 },
  kernel: 'sandbox',
  colors: ['#123456'],
  programs: [{ name: 'netbox', entry: () => ({ name: 'netbox', path: 'netbox' }) }],
  networkStack: () => words.network,
  role: (name) => (name === 'netboxd' ? 'netboxd' : name === 'netbox' ? 'runtime' : null),
  roles: [
    {
      id: 'netboxd',
      name: names.netboxd,
      order: 37,
      color: '#654321',
      endsWithContainer: true,
      doesWork: true,
    },
  ],
  failures: [
    {
      code: 'netbox-key',
      match: /netbox: no key of (?<owner>\\w+)/,
      explain: (_context, { owner = '' }) => text.netboxKey({ owner }),
    },
  ],
  recordedFlags: ['net-mode'],
  recordedOptions: [],
  packages: [],
  checks: [],
};
export default netbox;
`;

const french = {
  'preflight.netboxKey': 'netbox n’a pas trouvé de clé de {owner}',
  'preflight.netboxKey.fix': 'netbox keygen --owner {owner}',
  'role.netboxd': 'netboxd (réseau de netbox)',
  'runtime.netbox.network': 'la pile de netbox',
};

/** Asks every stage what it makes of the runtime; prints JSON. */
const questions = `import { isHelper, processRole } from './src/core/collect/process-role.ts';
import { recordableEntry } from './src/core/config/engine-shape.ts';
import { runtimesOf } from './src/core/config/registered-runtimes.ts';
import { explainPreflight } from './src/core/host/preflight/explain.ts';
import { localized } from './src/core/messages/record.ts';
import { translate } from './src/core/messages/translate.ts';
import { reportContext } from './src/report/context.ts';
import { runtimeColors } from './src/report/charts/grammar/palette.ts';
import { metricName } from './src/report/words/metric.ts';
import { families, familyOfEntry } from './src/core/runtimes/registry.ts';
import { data } from './test/report/charts/drawn.ts';
import { syntheticRun } from './test/report/support.ts';

const entry = { name: 'nb', path: '/opt/bin/netbox', origin: 'daemon.json', runtimeArgs: ['--net-mode=own', '--x=1'] } as const;
const netboxd = { argv: ['/opt/bin/netboxd'], comm: 'netboxd', inCgroup: false, parentRole: null };
const run = syntheticRun({ blocks: 3 });
const crun = run.run.runtimes.find(({ family }) => family === 'crun');
const colored = {
  ...run,
  run: { ...run.run, runtimes: run.run.runtimes.map((one) => (one === crun ? { ...one, family: 'netbox' } : one)) },
};
const rows = run.analysis.rows.flatMap((row) =>
  row.metric === 'pss.shim' ? [row, { ...row, metric: 'pss.netboxd', median: 1e6 }] : [row],
);
const explained = explainPreflight('OCI runtime create failed: netbox: no key of eve', {
  entry,
  host: run.run.host,
});
console.log(
  JSON.stringify({
    families: families.map(({ id }) => id),
    family: familyOfEntry(entry).id,
    found: runtimesOf(null, { present: ['netbox'], withoutNetwork: [] }),
    recorded: recordableEntry(entry).runtimeArgs,
    role: processRole(netboxd),
    helper: isHelper(processRole(netboxd)),
    color: runtimeColors(reportContext({ ...colored, lang: 'en' })).get(crun?.entry.name ?? ''),
    parts: [...new Set(data({ ...run, analysis: { ...run.analysis, rows } }, 'memory-footprint').map(({ part }) => part))],
    metric: metricName('pss.netboxd', 'fr'),
    explained,
    french: localized(explained, 'reason', 'fr'),
  }),
);
`;

let directory: string;
let copy: SourceCopy;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'source-'));
  copy = await copySource(directory);
  await copy.addFile('src/core/runtimes/netbox.ts', family);
  await copy.addFrench(french);
  await copy.addFile('questions.ts', questions);
}, 60_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

test('a family of runtimes is its own file and its French: every stage knows it', async () => {
  const { exitCode, stdout, stderr } = await copy.run('node', ['questions.ts']);
  expect(exitCode, stderr).toBe(0);
  const answers = JSON.parse(stdout);
  expect(answers).toMatchObject({
    families: expect.arrayContaining(['runc', 'netbox']),
    family: 'netbox',
    found: [{ name: 'runc' }, { name: 'netbox', path: 'netbox', origin: 'PATH' }],
    recorded: ['--net-mode=own', expect.stringMatching(/^--x=\(not recorded/)],
    role: 'netboxd',
    helper: true,
    color: '#123456',
    metric: 'mémoire (PSS)\u00a0: netboxd (réseau de netbox)',
    explained: {
      code: 'netbox-key',
      reason: 'netbox found no key of eve',
      fix: 'netbox keygen --owner eve',
    },
    french: { text: 'netbox n’a pas trouvé de clé de eve', lang: 'fr' },
  });
  const parts: readonly unknown[] = answers.parts;
  expect(parts.indexOf('netboxd (netbox network)')).toBe(parts.indexOf('stub (gVisor)') + 1);
  expect(parts.indexOf('containerd shim')).toBe(parts.indexOf('stub (gVisor)') + 2);
}, 60_000);

test('the command line lists the memory of its processes', async () => {
  const { exitCode, stdout, stderr } = await copy.run('node', ['src/cli.ts', 'list', 'metrics', '--json']);
  expect(exitCode, stderr).toBe(0);
  const listed: { id: string; unit: string }[] = JSON.parse(stdout).metrics;
  expect(listed.find(({ id }) => id === 'pss.netboxd')).toMatchObject({ unit: 'bytes' });
}, 60_000);
