import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { checkValue } from '../../src/core/config/zod-problems.ts';
import { countServices } from '../../src/features/move/stack/count-services.ts';
import { HeldSources } from '../../src/features/move/stack/held-sources.ts';
import { obstaclesOf } from '../../src/features/move/stack/obstacles.ts';
import { projectOf, renameVariables } from '../../src/features/move/stack/project.ts';
import { pick, type Stack, stackSchema } from '../../src/features/move/stack/stack.ts';
import { surveyed } from '../../src/features/move/stack/survey.ts';
import { shop, trialOf } from '../features/move/stacks.ts';
import { hostileTexts } from './hostile.ts';
import { damagedJson } from './json-mutations.ts';
import { damagedText } from './mutations.ts';
import { type Ending, type FuzzTarget, refusedWith, target } from './target.ts';

/** Names that a stack's author chooses: of a variable that a program obeys, or anything. */
const variable = fc.constantFrom('LD_PRELOAD', 'DOCKER_CONFIG', 'PATH', 'NODE_OPTIONS', ...hostileTexts);
const anyName = fc.constantFrom('a', 'b', 'ocibench-1', ...hostileTexts);
/** A name that is declared and used often enough to meet itself. */
const givenName = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'b') }, anyName);
/** Places below {@link withPlaces}, and of the host: files, directories, links, sockets, and what is not there. */
const places = [
  'plain',
  'plain/file',
  'deep',
  'deep/1/2/3/4/s',
  'to-deep',
  'to-run',
  'to-proc',
  'gone',
  'a$b',
];
const source = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(...places).map((place) => `{root}/${place.replaceAll('$', '$$$$')}`),
  },
  fc.constantFrom('/', '/run', '/var/run/docker.sock', '/proc/self/root', '/sys/fs/cgroup', '/dev', '..'),
  fc.constantFrom(...hostileTexts),
);
const mode = fc.constantFrom(
  'host',
  'none',
  'bridge',
  'private',
  'service:a',
  'container:b',
  ...hostileTexts,
);
const one = <T>(value: fc.Arbitrary<T>) => fc.array(value, { maxLength: 2 });

/** What most services have; what is not there is not tried. */
const usual = {
  image: anyName,
  volumes: one(
    fc.record(
      {
        type: fc.constantFrom('bind', 'bind', 'bind', 'volume', 'tmpfs', 'npipe'),
        source: fc.oneof({ weight: 3, arbitrary: source }, anyName),
        target: fc.constantFrom('/x', '/', ...hostileTexts),
      },
      { requiredKeys: ['type', 'source', 'target'] },
    ),
  ),
  secrets: one(fc.record({ source: givenName })),
  configs: one(fc.record({ source: givenName })),
  container_name: anyName,
  ports: fc.constant([{ published: '80', target: 80 }]),
  labels: fc.dictionary(anyName, anyName, { maxKeys: 2 }),
  networks: fc.dictionary(anyName, fc.constant({ ipv4_address: '10.0.0.2' }), { maxKeys: 2 }),
  sysctls: fc.dictionary(fc.constantFrom('net.ipv6.conf.all.disable_ipv6', 'kernel.x'), fc.constant('0')),
};
const service = fc.oneof(
  { weight: 3, arbitrary: fc.record(usual, { requiredKeys: [] }) },
  fc.record(
    {
      ...usual,
      network_mode: mode,
      pid: mode,
      ipc: mode,
      privileged: fc.boolean(),
      cap_add: one(fc.constantFrom('CHOWN', 'sys_admin', 'CAP_NET_ADMIN', ...hostileTexts)),
      security_opt: one(fc.constantFrom('no-new-privileges:true', 'seccomp=unconfined', ...hostileTexts)),
      depends_on: fc.dictionary(anyName, fc.constant({ condition: 'service_healthy' }), { maxKeys: 2 }),
      volumes_from: one(anyName),
    },
    { requiredKeys: [] },
  ),
);
const given = fc.record(
  { file: source, environment: variable, external: fc.boolean(), content: anyName },
  { requiredKeys: [] },
);
const named = <T>(value: fc.Arbitrary<T>) => fc.dictionary(givenName, value, { maxKeys: 3 });
const hostileStack = fc.record({
  name: anyName,
  services: named(service),
  secrets: named(given),
  configs: named(given),
  volumes: named(fc.constant({ name: 'theirs', external: true })),
  networks: named(fc.constant({ name: 'theirs', external: true, driver: 'macvlan' })),
});

/** A directory with what mounts lead to; its socket is served until it is disposed of. */
class Places implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'fuzz-stack-'));
  readonly #server: Server;

  constructor() {
    for (const name of ['plain', 'deep/1/2/3/4', 'a$b'])
      mkdirSync(join(this.root, name), { recursive: true });
    writeFileSync(join(this.root, 'plain/file'), '');
    for (const [name, to] of [
      ['to-deep', 'deep'],
      ['to-run', '/run'],
      ['to-proc', '/proc'],
    ] as const)
      symlinkSync(to, join(this.root, name));
    this.#server = createServer().listen(join(this.root, 'deep/1/2/3/4/s'));
  }

  [Symbol.dispose](): void {
    this.#server.close();
    rmSync(this.root, { recursive: true });
  }
}

/** Names of a mount's source that are looked at: `..` may hold the disk. */
const mostNames = 1_000;

/** What is started of a stack has nothing of the host but files, read-only, and no name that the stack chose. */
async function startedOnly(value: unknown): Promise<Ending> {
  using made = new Places();
  using held = new HeldSources();
  const inPlace: unknown = JSON.parse(JSON.stringify(value ?? null).replaceAll('{root}', made.root));
  const checked = checkValue(stackSchema, inPlace, 'compose.yaml');
  if (!checked.ok) return refusedWith(checked.problems);
  const stack = checked.data;
  const real = await surveyed(stack, null, held, mostNames);
  const names = Object.keys(stack.services);
  const found = obstaclesOf(real, names, 'runsc');
  const reaching = new Set(found.filter(({ kind }) => kind === 'host').map((each) => each.service));
  const left = names.filter((name) => !reaching.has(name));
  const tried = { ...real, services: pick(real.services, new Set(left)) };
  expectHarmless(projectOf(tried, trialOf(left)));
  for (const name of renameVariables(tried).values()) expectOurs(name);
  return left.length > 0 ? 'result' : 'refused';
}

const expectOurs = (variableName: string) => {
  if (!/^OCIBENCH_SECRET_\d+$/.test(variableName)) throw new Error(`the variable ${variableName}`);
};

/** Keys of a service by which it would publish, take a name, or leave its namespaces. */
const never = ['ports', 'privileged', 'devices', 'container_name', 'cgroup', 'userns_mode', 'uts', 'gpus'];

function expectHarmless(made: object): void {
  const project = made as Stack;
  if (project.name !== 'ocibench-1') throw new Error(`the project ${project.name}`);
  for (const [name, own] of Object.entries(project.services)) {
    for (const key of never) if (key in own) throw new Error(`${name} has ${key}`);
    if (Object.keys(own.labels ?? {}).length > 0) throw new Error(`${name} has labels of its own`);
    for (const key of ['network_mode', 'pid', 'ipc'] as const)
      if (/^(?:host|container:)/.test(own[key] ?? '')) throw new Error(`${name}: ${key} ${own[key]}`);
    for (const { type, source: path = '', read_only } of own.volumes ?? [])
      if (type === 'bind' && (read_only !== true || !isPlain(path.replaceAll('$$', () => '$'))))
        throw new Error(`${name} mounts ${path}`);
  }
  for (const [name, network] of Object.entries(project.networks ?? {}))
    if (network?.internal !== true || 'external' in network) throw new Error(`the network ${name} leads out`);
  for (const [name, volume] of Object.entries(project.volumes ?? {}))
    if (volume !== null && ('external' in volume || 'name' in volume)) throw new Error(`the volume ${name}`);
  for (const { file, environment } of [project.secrets, project.configs].flatMap((all) =>
    Object.values(all ?? {}),
  )) {
    if (environment !== undefined) expectOurs(environment);
    if (file !== undefined && !isPlain(file.replaceAll('$$', () => '$'))) throw new Error(`gives ${file}`);
  }
}

/** Is it absent, a plain file, or a directory of these to its end, and not of the kernel? */
function isPlain(path: string): boolean {
  if (/^\/(?:proc|sys|dev|run)(?:\/|$)/.test(path)) return false;
  const found = statOrAbsent(path);
  if (found === undefined || found.isFile()) return true;
  if (!found.isDirectory()) return false;
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries.every((entry) => entry.isFile() || entry.isDirectory() || entry.isSymbolicLink());
}

function statOrAbsent(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined; // too long, a NUL in it, a loop of links: nothing that could be mounted
  }
}

/** What Compose reads, as it is counted before. */
function counted(text: string): Ending {
  const n = countServices(text);
  if (!Number.isSafeInteger(n) || n < 0) throw new Error(`${n} services`);
  return n > 0 ? 'result' : 'refused';
}

const blockStyle = 'services:\n  web:\n    image: web\n  "db": # theirs\n    image: db\nvolumes:\n  data:\n';

/** Readers of the stacks that people give to `move`. */
export const stackTargets: readonly FuzzTarget[] = [
  target('compose.yaml: a stack', fc.oneof(hostileStack, damagedJson(fc.constant(shop))), startedOnly, {
    weight: 4,
  }),
  target(
    'compose.yaml: number of services',
    fc.oneof(damagedText(fc.constant(blockStyle)), damagedText(fc.constant(JSON.stringify(shop)))),
    counted,
  ),
];
