import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { parseSeccomp } from '../../src/app/container-profiles/seccomp-profile.ts';
import { askedProfiles } from '../../src/core/config/container-profiles.ts';
import { parseBenchConfig } from '../../src/core/config/load-config.ts';
import { serviceOf, serviceShape } from '../../src/core/config/service-shape.ts';
import { checkValue } from '../../src/core/config/zod-problems.ts';
import { currentContext } from '../../src/core/engine/docker/context.ts';
import { problemOf } from '../../src/core/model/failure/error.ts';
import { readPlanFile } from '../../src/features/capacity/app/plan/plan-file.ts';
import { parseYamlText } from '../../src/features/capacity/plan/yaml-text.ts';
import { pinFile, readPin } from '../../src/features/nightly/app/pins/pinned-copies.ts';
import { damagedJson, jsonText } from './json-mutations.ts';
import { damagedText } from './mutations.ts';
import { assertFinite, type Ending, type FuzzTarget, refusedWith, refusing, target } from './target.ts';

/** Gives a file with this text to its reader, in a directory of its own for as long as that lasts. */
async function withFile(name: string, text: string, read: (directory: string) => unknown): Promise<Ending> {
  const directory = await mkdtemp(join(tmpdir(), 'ocibench-fuzz-'));
  try {
    const file = join(directory, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return await refusing(async () => assertFinite(await read(directory)));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The text of a file of JSON, damaged as a text or as a value. */
function damagedFile(good: unknown): fc.Arbitrary<string> {
  return fc.oneof(
    damagedText(fc.constant(JSON.stringify(good, null, 2))),
    damagedJson(fc.constant(good)).map((value) => jsonText(value, 2)),
  );
}

const examples = join(import.meta.dirname, '../../examples');
const services = await readFile(join(examples, 'services.yaml'), 'utf8');
const parsedServices = parseYamlText(services, 'services.yaml');
if (!parsedServices.ok) throw new Error('the example cannot be read');

const goodServices = [
  {
    name: 'web',
    image: 'nginx:1.29',
    cmd: 'serve --port 80',
    ready: 80,
    load: 'wrk http://{address}/',
    env: { A: 'b' },
  },
  { image: 'recipe:servers', ready: 'listening', memory: '1G', timeout: '60s' },
];

function ofServices(value: unknown): Ending {
  const parsed = parseBenchConfig({ services: value }, 'bench.config.ts');
  if (!parsed.ok) return refusedWith(parsed.problems);
  for (const shape of parsed.config.services ?? []) {
    const checked = checkValue(serviceShape, shape, 'bench.config.ts');
    if (!checked.ok) return refusedWith(checked.problems);
    assertFinite(serviceOf(shape));
  }
  return 'result';
}

const seccomp = {
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [{ names: ['read', 'write'], action: 'SCMP_ACT_ALLOW' }],
};
const goodProfiles = {
  plain: {},
  strict: {
    capDrop: ['ALL'],
    capAdd: ['CHOWN'],
    seccomp: './seccomp.json',
    readonlyRootfs: true,
    user: '1000:1000',
    pidsLimit: 64,
    memory: '512m',
    cpus: 1.5,
    ulimits: { nofile: '1024:2048' },
    tmpfs: { '/tmp': '64m' },
    labels: { a: 'b' },
  },
};

function ofProfiles(value: unknown): Ending {
  const parsed = parseBenchConfig({ profiles: value }, 'bench.config.ts');
  if (!parsed.ok) return refusedWith(parsed.problems);
  const file = parseSeccomp(JSON.stringify(seccomp), 'seccomp.json');
  const asked = { flag: undefined, file: parsed.config.profiles, fileName: 'bench.config.ts', duet: false };
  const { profiles, problems } = askedProfiles(asked, new Map([['./seccomp.json', file]]));
  if (problems.length > 0) return refusedWith(problems);
  assertFinite(profiles);
  return 'result';
}

function seccompFile(text: string): Ending {
  const parsed = parseSeccomp(text, 'seccomp.json');
  if (parsed.ok) return 'result';
  return refusedWith(parsed.reasons.map((reason) => problemOf({ file: 'seccomp.json', key: '' }, reason)));
}

const pin = {
  schema: 1,
  runtime: 'runc',
  program: 'runc',
  sha256: 'a'.repeat(64),
  version: 'runc version 1.3.0',
  source: '/usr/bin/runc',
  runtimeArgs: ['--debug'],
  at: '2026-11-26T23:37:53.000Z',
};

/** Reads the record of a pin in a state directory of its own. */
async function pinRecord(text: string): Promise<Ending> {
  const before = process.env.OCIBENCH_STATE;
  const directory = await mkdtemp(join(tmpdir(), 'ocibench-fuzz-'));
  process.env.OCIBENCH_STATE = directory;
  try {
    await mkdir(dirname(pinFile('runc')), { recursive: true, mode: 0o700 });
    await writeFile(pinFile('runc'), text);
    return await refusing(async () => assertFinite(await readPin('runc')));
  } finally {
    if (before === undefined) delete process.env.OCIBENCH_STATE;
    else process.env.OCIBENCH_STATE = before;
    await rm(directory, { recursive: true, force: true });
  }
}

/** Readers of the files that people and other programs put beside ocibench's own. */
export const fileTargets: readonly FuzzTarget[] = [
  target(
    'services.yaml',
    fc.oneof(
      damagedText(fc.constant(services)),
      // YAML is a superset of JSON.
      damagedJson(fc.constant(parsedServices.value)).map((value) => jsonText(value, 1)),
    ),
    (text) =>
      withFile('services.yaml', text, (place) => readPlanFile(join(place, 'services.yaml'), 'services.yaml')),
    { weight: 3 },
  ),
  target('services of a configuration', damagedJson(fc.constant(goodServices)), ofServices, { weight: 3 }),
  target('profiles of containers', damagedJson(fc.constant(goodProfiles)), ofProfiles, { weight: 3 }),
  target('seccomp profile', damagedFile(seccomp), seccompFile, { weight: 3 }),
  target(
    'config.json of Docker',
    damagedFile({ currentContext: 'lab', auths: { 'registry.example': { auth: 'c2VjcmV0' } } }),
    (text) => withFile('config.json', text, currentContext),
    { weight: 2 },
  ),
  target('pin.json', damagedFile(pin), pinRecord, { weight: 2 }),
];
