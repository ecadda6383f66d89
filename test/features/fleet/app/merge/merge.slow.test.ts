import { appendFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { identifiedFacts } from '../../../../../src/core/host/facts.ts';
import { hostIdentity, pseudonymOf } from '../../../../../src/core/host/host-identity.ts';
import type { RunRecord } from '../../../../../src/core/model/run/run.ts';
import { writeManifest } from '../../../../../src/core/store/manifest.ts';
import { type Fleet, fleetSchema } from '../../../../../src/features/fleet/merge/fleet-record.ts';
import { fileEntry, writeArchive } from '../../../../core/artefact/archives.ts';
import { ScriptedWorld } from '../../../../support/scripted-world.ts';
import { alikeHosts, type MadeHost, madeRecord, writeRun } from '../../merge/made-fleet.ts';
import { hostsOf } from '../../merge/real-hosts.ts';

/** Are artefacts read by processes of their own, as for a user? */
const apart = vi.hoisted(() => ({ isReal: false }));
vi.mock('../../../../../src/app/apart/apart.ts', async (original) => {
  const { readingHere } = await import('../../../../support/read-here.ts');
  return readingHere(await original<object & { readApart: unknown }>(), () => apart.isReal);
});
afterEach(() => {
  apart.isReal = false;
});

/** A world with the runs of hosts in `in/`, merged into `fleet/`. */
async function merged(
  hosts: readonly MadeHost[],
  {
    words = [],
    change = async () => undefined,
  }: {
    readonly words?: readonly string[];
    /** What happens to the run directories before; `paths` are in the order of the hosts. */
    readonly change?: (paths: readonly string[], place: string) => Promise<unknown>;
  } = {},
) {
  const world = await ScriptedWorld.open();
  const place = join(world.path, 'in');
  await mkdir(place);
  // A class counts only what records give.
  const paths = words.includes('--class') ? await realRuns(world, hosts) : await madeRuns(place, hosts);
  await change(paths, place);
  const end = await world.command(['fleet', 'merge', 'in', '--out', 'fleet', ...words]);
  const out = (name: string) => join(world.path, 'fleet', name);
  const read = (name: string) => readFile(out(name), 'utf8');
  const fleet = async (): Promise<Fleet> => fleetSchema.parse(JSON.parse(await read('fleet.json')));
  return { world, end, out, read, fleet, paths, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

async function madeRuns(place: string, hosts: readonly MadeHost[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const host of hosts) paths.push(await writeRun(place, host));
  return paths;
}

/** Runs with the names, ids and facts of such hosts, and with figures that follow from their records. */
function realRuns(world: ScriptedWorld, hosts: readonly MadeHost[]): Promise<readonly string[]> {
  const record = (run: RunRecord, at: number): RunRecord => {
    const { name = '', runId = `run-${name}`, id, run: own } = hosts[at] ?? {};
    const host = { ...run.host, ...own?.host, hostname: name, id: id ?? `id-${name}` };
    return { ...run, runId, host };
  };
  const placeOf = ({ host, runId }: RunRecord) => join(host.hostname, 'results', runId);
  return hostsOf(world, hosts.length, record, placeOf);
}

const leftOut = ({ told }: Fleet) => told.filter(({ kind }) => kind === 'left-out');

test('hosts become a fleet: JSON of its schema, CSV, a page without scripts, Markdown and charts', async () => {
  apart.isReal = true;
  await using of = await merged(alikeHosts(5));
  expect(of.end.exitCode, of.end.stderr).toBe(0);
  expect(of.end.stdout).toMatch(/On\s+5\s+hosts,\s+runsc\s+costs/);
  const fleet = await of.fleet();
  expect(fleet.hosts.map(({ runs }) => runs.map(({ from }) => from))).toEqual(
    fleet.hosts.map(() => ['analysis']),
  );
  const rows = parse(await of.read('fleet.csv'), { columns: true }) as Record<string, string>[];
  // 4 categories and 4 comparisons, of 5 hosts and of all together.
  expect(rows).toHaveLength(48);
  expect(rows.filter(({ scope }) => scope === 'fleet').map(({ hosts }) => hosts)).toEqual(Array(8).fill('5'));
  const page = await of.read('report.html');
  expect(page).not.toContain('<script');
  expect(page).toMatch(/<svg role="img"/);
  expect(page).not.toMatch(/(?:src|href)="https?:/);
  expect(await of.read('report.md')).toContain('# Fleet');
  const charts = await readdir(of.out('charts'));
  expect(charts).toContain('fleet-startup.svg');
  expect(charts).toContain('fleet-startup.png');
  expect(charts).toContain('fleet-startup.vl.json');
}, 60_000);

test('each host’s own report is linked where it lies beside the fleet', async () => {
  await using of = await merged(alikeHosts(3), {
    change: async ([first = '']) => writeFile(join(first, 'report.html'), ''),
  });
  const { hosts } = await of.fleet();
  expect(hosts.map(({ runs }) => runs[0]?.report)).toEqual([
    '../in/cn1/results/run-cn1/report.html',
    null,
    null,
  ]);
  expect(await of.read('report.html')).toContain('href="../in/cn1/results/run-cn1/report.html"');
});

describe('what is left out is told, and the rest goes on', () => {
  test.each([
    [
      'changed records',
      async ([first = '']) => appendFile(join(first, 'trials.jsonl'), '\n'),
      'its records do not match its manifest: trials.jsonl',
    ],
    [
      'another schema',
      async ([first = '']) => {
        await rm(join(first, 'MANIFEST.sha256'));
        await writeFile(join(first, 'run.json'), '{"schemaVersion":99,"harnessVersion":"9.9.9"}');
      },
      'is 99; this ocibench reads 2',
    ],
    [
      'no JSON',
      async ([first = '']) => {
        await rm(join(first, 'MANIFEST.sha256'));
        await writeFile(join(first, 'run.json'), 'x');
      },
      'it is not JSON',
    ],
    [
      'a broken archive',
      async (_, place) => writeFile(join(place, 'x.tar.gz'), 'x'),
      'damaged or not a tar archive',
    ],
    [
      'an archive that leads out of itself',
      async (_, place) => writeArchive(place, 'evil', '.tar', [fileEntry('../../run.json', '{}')]),
      'leads outside the archive',
    ],
    [
      'unknown workloads without a manifest',
      async ([first = '']) => {
        await rm(join(first, 'MANIFEST.sha256'));
      },
      'only its own configuration has these workloads: syscall/calls',
    ],
  ] as readonly (readonly [string, (paths: readonly string[], place: string) => Promise<unknown>, string])[])(
    '%s',
    async (_what, change, why) => {
      await using of = await merged(alikeHosts(4), { change });
      expect(of.end.exitCode).toBe(1);
      const fleet = await of.fleet();
      expect(leftOut(fleet)).toHaveLength(1);
      expect(leftOut(fleet)[0]?.message).toContain(why);
      expect(of.end.stderr.replaceAll(/\s+/g, ' ')).toContain(why);
      expect(fleet.hosts.length).toBeGreaterThanOrEqual(3);
      expect(await of.read('report.html')).toContain('one item left out');
    },
  );
});

test('a link is not followed, and a damaged analysis is made again or left out', async () => {
  await using of = await merged(alikeHosts(4), {
    change: async ([first = '', second = ''], place) => {
      await symlink(join(place, 'cn1'), join(place, 'again'));
      for (const path of [first, second]) await rm(join(path, 'MANIFEST.sha256'));
      await rm(join(second, 'trials.jsonl'));
    },
  });
  expect(of.end.exitCode).toBe(1);
  const fleet = await of.fleet();
  expect(fleet.hosts).toHaveLength(2);
  expect(leftOut(fleet).map(({ message }) => message)).toEqual([
    expect.stringContaining('only its own configuration has these workloads'),
    expect.stringContaining('its raw records are missing'),
  ]);
});

test('an archive counts as its directory does, and the same run in both counts once', async () => {
  await using of = await merged(alikeHosts(3), {
    change: async ([first = ''], place) => {
      const names = ['run.json', 'analysis.json', 'trials.jsonl', 'MANIFEST.sha256'];
      const entries = [];
      for (const name of names)
        entries.push(fileEntry(`run-cn1/${name}`, await readFile(join(first, name), 'utf8')));
      await writeArchive(place, 'cn1', '.tar.zst', entries);
    },
  });
  expect(of.end.exitCode, of.end.stderr).toBe(0);
  const fleet = await of.fleet();
  expect(fleet.hosts).toHaveLength(3);
  expect(fleet.told.map(({ code }) => code)).toEqual(['fleet.again', 'fleet.asPublished']);
});

test('what a run that failed published before it went on is not believed', async () => {
  await using world = await ScriptedWorld.open();
  await world.run(6);
  const { run, path } = await world.stored();
  await writeFile(join(path, 'run.json'), JSON.stringify({ ...run, status: 'failed' }));
  await writeManifest(path);
  const { exitCode, stderr } = await world.command(['fleet', 'merge', 'results', '--out', 'fleet']);
  expect(exitCode, stderr).toBe(0);
  const fleet = fleetSchema.parse(JSON.parse(await readFile(join(world.path, 'fleet/fleet.json'), 'utf8')));
  expect(fleet.hosts.map(({ runs }) => runs.map(({ from, status }) => [from, status]))).toEqual([
    [['records', 'failed']],
  ]);
});

describe('a class', () => {
  test('sees no names, its own machine, and questions', async () => {
    await using of = await merged(alikeHosts(6), { words: ['--class', '--own', 'in/cn2'] });
    expect(of.end.exitCode, of.end.stderr).toBe(0);
    for (const file of ['fleet.json', 'fleet.csv', 'report.html', 'report.md', 'charts/fleet-startup.svg'])
      expect(await of.read(file), file).not.toMatch(/cn\d/);
    const page = await of.read('report.html');
    expect(page).toContain('Questions to discuss');
    expect(page).toContain('cost less than yours');
    expect(page).toMatch(/machine \d \(yours\)/);
  });

  test.each([
    ['its id', hostIdentity()],
    ['what is published of it', pseudonymOf(hostIdentity())],
  ])('sees the machine that merges where that is asked for, by %s, and no other way', async (_what, id) => {
    const { marks: _marks, ...here } = await identifiedFacts();
    const hosts = alikeHosts(4, (at) => (at === 2 ? { id, run: { host: here } } : {}));
    await using asked = await merged(hosts, { words: ['--class', '--own', 'here'] });
    expect(asked.end.exitCode, asked.end.stderr).toBe(0);
    const { own, hosts: shown } = await asked.fleet();
    expect(own).not.toBeNull();
    expect(shown.map(({ name }) => name)).toEqual(['machine 1', 'machine 2', 'machine 3', 'machine 4']);
    expect(await asked.read('report.html')).not.toMatch(/cn\d/);
    await using not = await merged(hosts, { words: ['--class'] });
    expect((await not.fleet()).own).toBeNull();
  });

  test('sees names where the teacher says so; what is told names runs on the terminal alone', async () => {
    const hosts = [...alikeHosts(4), { name: 'cn1', runId: 'second' }];
    await using shown = await merged(hosts, { words: ['--class', '--names'] });
    expect(await shown.read('teacher.html')).toMatch(/\d · cn3/);
    for (const file of ['fleet.json', 'fleet.csv', 'report.html', 'report.md', 'charts/fleet-startup.svg'])
      expect(await shown.read(file), file).not.toMatch(/cn\d/);
    await shown.world.command(['fleet', 'merge', 'in', '--out', 'fleet', '--class']);
    expect(await readdir(shown.out('.'))).not.toContain('teacher.html');
    await using hidden = await merged(hosts, { words: ['--class'] });
    expect(hidden.end.stderr).toContain('hosts with several runs: cn1');
    expect(await hidden.read('report.html')).not.toContain('hosts with several runs');
  });

  test('what is left out is counted there, and named to the teacher alone', async () => {
    await using of = await merged(alikeHosts(5), {
      words: ['--class'],
      change: async ([first = '']) => appendFile(join(first, 'trials.jsonl'), '\n'),
    });
    expect(of.end.exitCode).toBe(1);
    expect(of.end.stderr).toContain('in/cn1/results/run-cn1 is left out');
    expect(leftOut(await of.fleet()).map(({ code }) => code)).toEqual(['fleet.withheld']);
    for (const file of ['fleet.json', 'report.html', 'report.md'])
      expect(await of.read(file), file).not.toMatch(/cn\d/);
  });

  test('in French', async () => {
    await using of = await merged(alikeHosts(4), { words: ['--class', '--lang', 'fr'] });
    const page = await of.read('report.html');
    expect(page).toContain('Questions à discuter');
    expect(page).toContain('<html lang="fr"');
  });
});

test('hosts without a vote, by name, run and path: told, in the table, and in the figures', async () => {
  const hosts = alikeHosts(7, (at) => (at < 3 ? { runsc: 16 } : {}));
  await using of = await merged(hosts, {
    words: ['--without', 'cn1:its disk: slow', '--without', 'run-cn2', '--without', 'in/cn3:no cooling'],
  });
  expect(of.end.exitCode, of.end.stderr).toBe(0);
  const fleet = await of.fleet();
  expect(fleet.hosts.map(({ without }) => without?.reason)).toEqual([
    'its disk: slow',
    null,
    'no cooling',
    ...Array(4).fill(undefined),
  ]);
  expect(of.end.stdout.replaceAll(/\s+/g, ' ')).toContain('Without 3 hosts: cn1, cn2 and cn3.');
  expect(of.end.stderr.replaceAll(/\s+/g, ' ')).toContain('cn3 has no vote (--without): no cooling');
  expect(await of.read('report.html')).toContain('no vote: its disk: slow');
  expect(fleet.categories.every(({ votes }) => votes.length === 4)).toBe(true);
});

test('a host with impossible figures is named, in a fleet with 1', async () => {
  const figures: NonNullable<MadeHost['figures']> = (analysis) => ({
    ...analysis,
    rows: analysis.rows.map((row, at) => (at === 0 ? { ...row, ratio: -3 } : row)),
  });
  await using of = await merged(alikeHosts(5, (at) => (at === 1 ? { figures } : {})));
  expect(of.end.exitCode).toBe(1);
  expect(of.end.stderr.replaceAll(/\s+/g, ' ')).toMatch(
    /cn2 has impossible figures, and no vote .* = -3\. Find what is wrong with .*in\/cn2/,
  );
  expect((await of.fleet()).hosts).toHaveLength(5);
});

describe('exit 2', () => {
  test('nothing to merge: every reason at once, and nothing is written', async () => {
    await using world = await ScriptedWorld.open();
    await mkdir(join(world.path, 'empty'));
    const { exitCode, stderr } = await world.command(['fleet', 'merge', 'empty', 'absent']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('it contains no run');
    expect(stderr).toContain('it does not exist');
    expect(await readdir(world.path)).not.toContain('fleet');
  });

  test('runs of too few blocks: it is said how many it takes', async () => {
    await using world = await ScriptedWorld.open();
    await world.run(1);
    const { exitCode, stderr } = await world.command(['fleet', 'merge', 'results', '--out', 'fleet']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('it has no tested comparison, which takes 6 blocks');
    expect(stderr).toContain('fix: measure it with more blocks:  ocibench run --blocks 6..12');
  });

  test('a fleet is not written over a run, nor through a link', async () => {
    await using of = await merged(alikeHosts(3));
    const [first = ''] = of.paths;
    const before = await readFile(join(first, 'run.json'), 'utf8');
    const over = await of.world.command(['fleet', 'merge', 'in', '--out', first]);
    expect(over.exitCode).toBe(2);
    expect(over.stderr).toContain('it is the directory of a run');
    expect(await readFile(join(first, 'run.json'), 'utf8')).toBe(before);
    await symlink(first, join(of.world.path, 'link'));
    const through = await of.world.command(['fleet', 'merge', 'in', '--out', 'link']);
    expect(through.exitCode).toBe(2);
    expect(through.stderr).toContain('it is the directory of a run');
    await mkdir(join(of.world.path, 'whole'));
    await symlink(first, join(of.world.path, 'whole', 'charts'));
    await symlink('whole', join(of.world.path, 'own'));
    const below = await of.world.command(['fleet', 'merge', 'in', '--out', 'own']);
    expect(below.exitCode).toBe(2);
    expect(below.stderr).toContain('whole/charts is a symbolic link');
    await rm(join(of.world.path, 'whole', 'charts'));
    expect((await of.world.command(['fleet', 'merge', 'in', '--out', 'own'])).exitCode).toBe(0);
    expect(await readdir(join(of.world.path, 'whole'))).toContain('fleet.json');
  });

  test.each([
    [['--own', 'nobody'], 'no merged run is nobody'],
    [['--own', 'in'], 'no merged run is in'],
    [['--without', 'cn4:hot'], 'the nearest: cn1'],
    [['--without', 'in'], 'these runs are of several hosts'],
  ])('%j', async (words, said) => {
    await using of = await merged(alikeHosts(3), { words });
    expect(of.end.exitCode).toBe(2);
    expect(of.end.stderr).toContain(said);
  });
});

test('hostile names are text: of hosts, kernels and processors', async () => {
  const evil = '<script>alert(1)</script>=1+1';
  const hosts = alikeHosts(3, (at) => (at === 0 ? { name: 'x', kernel: evil } : {}));
  await using of = await merged(hosts, {
    change: async ([first = '']) => {
      const record = madeRecord({ ...hosts[0], name: evil, id: 'evil' });
      await writeFile(join(first, 'run.json'), JSON.stringify({ ...record, runId: 'run-x' }));
      const { writeManifest } = await import('../../../../../src/core/store/manifest.ts');
      await writeManifest(first);
    },
  });
  expect(of.end.exitCode, of.end.stderr).toBe(0);
  expect((await of.fleet()).hosts.map(({ name }) => name)).toContain(evil);
  expect(await of.read('report.html')).not.toContain('<script');
  const rows = parse(await of.read('fleet.csv'), { columns: true }) as Record<string, string>[];
  expect(rows.every(({ host = '' }) => !/^[=+@-]/.test(host))).toBe(true);
});

test('charts of an earlier fleet that are no longer drawn are removed, and nobody else’s', async () => {
  await using of = await merged(alikeHosts(3));
  await writeFile(of.out('charts/fleet-io.svg'), '');
  await writeFile(of.out('charts/mine.svg'), '');
  expect((await of.world.command(['fleet', 'merge', 'in', '--out', 'fleet'])).exitCode).toBe(0);
  const charts = await readdir(of.out('charts'));
  expect(charts).not.toContain('fleet-io.svg');
  expect(charts).toContain('mine.svg');
});
