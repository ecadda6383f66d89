import {
  imageOf,
  replicasOf,
  type Stack,
  type StackMount,
  type StackService,
  withDependencies,
} from './stack.ts';

/** How a stack is started: as a project of ours, beside whatever runs. */
export interface Trial {
  /** Project name: of containers, networks and volumes. */
  readonly project: string;
  /** Services that are started; others of the stack are left out, and nobody waits for them. */
  readonly services: readonly string[];
  readonly runtimeOf: (service: string) => string;
  /** Parent cgroup of a service's containers; null: the engine's default. */
  readonly cgroupParentOf: (service: string) => string | null;
  /** Labels of every container, network and volume: by them all of it is found again. */
  readonly labels: Readonly<Record<string, string>>;
  /** May host paths be written to? */
  readonly writable: boolean;
}

/**
 * The compose file of a trial. Nothing of it collides with what runs: no port is published, no container, network or volume has
 * a name of theirs, no address is fixed. Named volumes are fresh, host paths read-only and never made. Services start once, and
 * are not restarted; images are those that the engine has.
 */
export function projectOf(stack: Stack, trial: Trial): object {
  const kept = withDependencies(
    { ...stack, services: pick(stack.services, new Set(trial.services)) },
    trial.services,
  );
  const services = Object.fromEntries(
    kept.flatMap((name) => {
      return name in stack.services ? [[name, serviceOf(stack, name, new Set(kept), trial)]] : [];
    }),
  );
  const used = Object.values(stack.services).flatMap((service) => [
    ...Object.keys(service.networks ?? {}),
    'default',
  ]);
  const labels = trial.labels;
  return {
    ...stack,
    name: trial.project,
    services,
    // Addresses, names and drivers of theirs are left out: every network is a bridge of this project.
    networks: Object.fromEntries([...new Set(used)].map((name) => [name, { labels }])),
    volumes: Object.fromEntries(Object.keys(stack.volumes ?? {}).map((name) => [name, { labels }])),
  };
}

function serviceOf(
  stack: Stack,
  name: string,
  kept: ReadonlySet<string>,
  { runtimeOf, cgroupParentOf, labels, writable }: Trial,
): object {
  // What would touch the host or what others run, and what starts a service more than once.
  const {
    build: _build,
    ports: _ports,
    container_name: _name,
    profiles: _profiles,
    restart: _restart,
    scale: _scale,
    logging: _logging,
    external_links: _links,
    cgroup_parent: _parent,
    ...own
  } = stack.services[name] ?? {};
  const parent = cgroupParentOf(name);
  const { replicas: _replicas, restart_policy: _policy, ...deploy } = own.deploy ?? {};
  return {
    ...own,
    image: imageOf(stack, name),
    runtime: runtimeOf(name),
    ...(parent === null ? {} : { cgroup_parent: parent }),
    restart: 'no',
    pull_policy: 'never',
    labels: { ...own.labels, ...labels },
    logging: { driver: 'json-file', options: { 'max-size': '4m', 'max-file': '1' } },
    ...(own.deploy === undefined ? {} : { deploy }),
    ...(own.networks === undefined ? {} : { networks: aliasesOf(own.networks) }),
    ...(own.volumes === undefined ? {} : { volumes: own.volumes.map((mount) => mountOf(mount, writable)) }),
    ...(own.depends_on === undefined ? {} : { depends_on: pick(own.depends_on, kept) }),
  };
}

/** Of a service's networks only by which names it is found there: addresses could collide. */
function aliasesOf(networks: NonNullable<StackService['networks']>): object {
  return Object.fromEntries(
    Object.entries(networks).map(([name, own]) => [
      name,
      own?.aliases === undefined ? null : { aliases: own.aliases },
    ]),
  );
}

function mountOf(mount: StackMount, writable: boolean): object {
  if (mount.type !== 'bind') return mount;
  return {
    ...mount,
    ...(writable ? {} : { read_only: true }),
    bind: { ...mount.bind, create_host_path: false },
  };
}

function pick<T>(all: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
}

/** The compose file that moves services to a runtime: an override, for `docker compose -f compose.yaml -f FILE`. */
export function overrideText(stack: Stack, runtimeOf: ReadonlyMap<string, string>): string {
  const lines = [...runtimeOf].map(([service, runtime]) => {
    const copies = replicasOf(stack.services[service] ?? {});
    return `  ${JSON.stringify(service)}:\n    runtime: ${JSON.stringify(runtime)}${copies > 1 ? ` # ${copies} copies` : ''}\n`;
  });
  return lines.length === 0 ? 'services: {}\n' : `services:\n${lines.join('')}`;
}
