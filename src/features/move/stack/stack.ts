import * as z from 'zod';

/**
 * A compose file as `docker compose config --format json` prints it: variables, `extends` and includes resolved, every value in
 * its long form (Compose Specification, https://compose-spec.io). Keys that are not named here are kept as they are.
 */

const mountSchema = z.looseObject({
  type: z.string(),
  source: z.string().optional(),
  target: z.string().optional(),
  read_only: z.boolean().optional(),
  bind: z.looseObject({ propagation: z.string().optional() }).optional(),
  volume: z.looseObject({ nocopy: z.boolean().optional(), subpath: z.string().optional() }).optional(),
  /** Of a bind mount, set by ocibench: there is no such path on the host. */
  isAbsent: z.boolean().optional(),
  /** Set by ocibench: what of the host can be reached through it, a path; absent: nothing was found. */
  reaches: z.string().optional(),
  /** Set by ocibench: a directory of it that could not be searched to its end, so that it may hold a socket. */
  unseen: z.string().optional(),
});
export type StackMount = z.infer<typeof mountSchema>;

const deviceSchema = z.union([z.string(), z.looseObject({ source: z.string() })]);

const serviceSchema = z.looseObject({
  image: z.string().optional(),
  build: z.unknown().optional(),
  profiles: z.array(z.string()).optional(),
  container_name: z.string().optional(),
  runtime: z.string().optional(),
  restart: z.string().optional(),
  privileged: z.boolean().optional(),
  network_mode: z.string().optional(),
  pid: z.string().optional(),
  ipc: z.string().optional(),
  uts: z.string().optional(),
  userns_mode: z.string().optional(),
  cgroup: z.string().optional(),
  cap_add: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  sysctls: z.record(z.string(), z.unknown()).optional(),
  devices: z.array(deviceSchema).optional(),
  gpus: z.unknown().optional(),
  volumes: z.array(mountSchema).optional(),
  volumes_from: z.array(z.string()).optional(),
  links: z.array(z.string()).optional(),
  provider: z.unknown().optional(),
  use_api_socket: z.boolean().optional(),
  device_cgroup_rules: z.array(z.string()).optional(),
  secrets: z.array(z.looseObject({ source: z.string() })).optional(),
  configs: z.array(z.looseObject({ source: z.string() })).optional(),
  ports: z.array(z.unknown()).optional(),
  networks: z.record(z.string(), z.record(z.string(), z.unknown()).nullable()).optional(),
  depends_on: z.record(z.string(), z.looseObject({ condition: z.string().optional() })).optional(),
  healthcheck: z
    .looseObject({
      test: z.array(z.string()).optional(),
      disable: z.boolean().optional(),
      interval: z.string().optional(),
    })
    .optional(),
  deploy: z
    .looseObject({
      replicas: z.number().optional(),
      restart_policy: z.looseObject({ condition: z.string().optional() }).optional(),
      resources: z
        .looseObject({
          reservations: z.looseObject({ devices: z.array(z.unknown()).optional() }).optional(),
        })
        .optional(),
    })
    .optional(),
  scale: z.number().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
export type StackService = z.infer<typeof serviceSchema>;

/** A secret or configuration: a file of the host, a text or a variable. */
const givenSchema = z.looseObject({
  file: z.string().optional(),
  environment: z.string().optional(),
  external: z.boolean().optional(),
  /** As of a mount. */
  reaches: z.string().optional(),
  unseen: z.string().optional(),
});

export const stackSchema = z.looseObject({
  name: z.string(),
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.looseObject({ driver: z.string().optional() }).nullable()).optional(),
  volumes: z.record(z.string(), z.looseObject({ name: z.string().optional() }).nullable()).optional(),
  secrets: z.record(z.string(), givenSchema).optional(),
  configs: z.record(z.string(), givenSchema).optional(),
});
/** A stack of services, by name. */
export type Stack = z.infer<typeof stackSchema>;

/** What tells the data of mounts apart: the volume of the file, or the path of the host; null: they have none of their own. */
export function dataKey({ type, source }: Pick<StackMount, 'type' | 'source'>): string | null {
  return source === undefined || (type !== 'volume' && type !== 'bind') ? null : `${type}:${source}`;
}

/** Of an object what has these names. */
export function pick<T>(all: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
}

/** The services that the stack has: those without profiles, of which it has a copy. */
export function ownServices({ services }: Stack): readonly string[] {
  return Object.entries(services)
    .filter(([, service]) => (service.profiles ?? []).length === 0 && replicasOf(service) > 0)
    .map(([name]) => name);
}

/** The image of a service; Compose names what it builds after stack and service. */
export function imageOf({ name, services }: Stack, service: string): string {
  return services[service]?.image ?? `${name}-${service}`;
}

/** Does Docker look after the health of the service? Not known of a health check that its image has. */
export function hasHealthCheck({ healthcheck }: StackService): boolean {
  return healthcheck?.test !== undefined && healthcheck.disable !== true && healthcheck.test[0] !== 'NONE';
}

/** Services without which another cannot exist: it shares something with them, or is linked to them. */
export function partnersOf({
  network_mode,
  pid,
  ipc,
  volumes_from = [],
  links = [],
}: StackService): readonly string[] {
  const shared = [network_mode, pid, ipc].flatMap((value) =>
    value?.startsWith('service:') ? [value.slice('service:'.length)] : [],
  );
  const named = [...volumes_from, ...links].flatMap((value) => value.split(':')[0] ?? []);
  return [...shared, ...named.filter((name) => name !== 'container')];
}

/** Services and those that they need, in the order in which they can start. What is not in the stack is left out. */
export function withDependencies(
  { services }: Pick<Stack, 'services'>,
  names: readonly string[],
): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string, path: ReadonlySet<string>) => {
    const service = services[name];
    if (service === undefined || found.has(name) || path.has(name)) return;
    for (const needed of [...Object.keys(service.depends_on ?? {}), ...partnersOf(service)])
      visit(needed, new Set([...path, name]));
    found.add(name);
  };
  for (const name of names) visit(name, new Set());
  return [...found];
}

/** Places of sockets, by which whoever mounts one commands an engine, a service manager or a database of the host. */
const socketPlace = /^(?:\/var)?\/run(?:\/|$)|\.sock$/;
/** Directories that hold some of these, or what an engine keeps. */
const holders = ['/', '/var', '/var/lib', '/var/lib/docker', '/var/lib/containerd', '/var/lib/containers'];

/**
 * Does a path of the host lead to what commands the host, or to its processes? A read-only mount does not keep anybody from
 * connecting to a socket. `source`: its real path, without links.
 */
export function reachesHost(source: string): boolean {
  const place = source.replace(/(?<=.)\/+$/, '');
  return (
    socketPlace.test(place) ||
    /^\/(?:proc|sys)(?:\/|$)/.test(place) ||
    holders.includes(place) ||
    /^\/var\/lib\/(?:docker|containerd|containers)\//.test(place)
  );
}

/** Is it started again after it has failed? */
export function isRestarted({ restart = 'no', deploy }: StackService): boolean {
  const condition = deploy?.restart_policy?.condition;
  return (
    /^(?:always|unless-stopped|on-failure)/.test(restart) || (condition !== undefined && condition !== 'none')
  );
}

/** Is it started again even after it has ended well? Then it is a server, and has no business to end. */
export function isServer({ restart = 'no', deploy }: StackService): boolean {
  return /^(?:always|unless-stopped)/.test(restart) || deploy?.restart_policy?.condition === 'any';
}

/** How many copies of a service the file asks for. */
export function replicasOf({ deploy, scale }: StackService): number {
  return scale ?? deploy?.replicas ?? 1;
}

/** Services that others wait for until they have ended: tasks. */
export function tasksOf({ services }: Pick<Stack, 'services'>): readonly string[] {
  return Object.values(services).flatMap(({ depends_on: needed = {} }) =>
    Object.entries(needed)
      .filter(([, { condition }]) => condition === 'service_completed_successfully')
      .map(([name]) => name),
  );
}

/** Services of the longest chain that wait for each other; at least 1. */
export function depthOf({ services }: Pick<Stack, 'services'>, names: readonly string[]): number {
  const depths = new Map<string, number>();
  // Dependencies come first.
  for (const name of withDependencies({ services }, names)) {
    const { depends_on: needed = {} } = services[name] ?? {};
    depths.set(name, 1 + Math.max(0, ...Object.keys(needed).map((each) => depths.get(each) ?? 0)));
  }
  return Math.max(1, ...depths.values());
}
