import { parseDuration } from '../../../core/config/quantities.ts';
import { dropUndefined } from '../../../core/model/objects.ts';
import {
  dataKey,
  imageOf,
  isRestarted,
  pick,
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
  /** May services reach what is outside of the project? */
  readonly outside: boolean;
  /** Does a command of the host send requests to services? Then they can reach the host's services, too. */
  readonly loadFromHost: boolean;
  /** Volumes of ours that hold copies of the user's data, by {@link dataKey}; they are there before it starts. */
  readonly copies?: ReadonlyMap<string, string>;
}

/** Keys of a service that a trial takes over, as Compose Specification has them: what they do, they do inside of a container. */
export const keptKeys: ReadonlySet<string> = new Set(
  [
    'image command entrypoint environment working_dir user group_add hostname domainname init tty stdin_open',
    'read_only tmpfs shm_size ulimits stop_signal stop_grace_period healthcheck depends_on networks network_mode',
    'expose extra_hosts dns dns_search dns_opt cap_add cap_drop security_opt sysctls volumes volumes_from links ipc pid',
    'mem_limit mem_reservation memswap_limit mem_swappiness cpus cpu_shares cpu_quota cpu_period cpuset cpu_count',
    'cpu_percent pids_limit blkio_config deploy secrets configs platform storage_opt',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Keys that a trial leaves out: what would collide (names, ports), what others act on (labels: a proxy that runs would send the
 * stack's requests to it), what would change the host (oom_score_adj) or start it again.
 */
export const droppedKeys: ReadonlySet<string> = new Set(
  [
    'build ports container_name profiles restart scale logging external_links cgroup_parent labels label_file',
    'annotations oom_score_adj oom_kill_disable mac_address pull_policy pull_refresh_after develop attach env_file extends',
  ].flatMap((line) => line.split(' ')),
);

/** Kinds of mounts that a trial takes over. */
export const keptMounts: ReadonlySet<string> = new Set(['bind', 'volume', 'tmpfs']);

/** The network mode that a trial uses; undefined: networks of the project; null: none that it may. */
export function keptNetworkMode(mode: string): string | undefined | null {
  if (mode === '' || mode === 'bridge' || mode === 'default') return undefined;
  return mode === 'none' || mode.startsWith('service:') ? mode : null;
}

/**
 * The compose file of a trial. Nothing of it collides with what runs: no port is published, no container, network or volume has
 * a name of theirs, no address is fixed. Volumes hold copies of their data or are fresh, host paths are read-only and never made,
 * networks have no way out: a second copy of a worker would do the work of the first. Services start once, and are not
 * restarted; images are those that the engine has.
 */
export function projectOf(stack: Stack, trial: Trial): object {
  const wanted = new Set(trial.services);
  const kept = withDependencies({ services: pick(stack.services, wanted) }, trial.services);
  const used = kept.flatMap((name) => Object.keys(stack.services[name]?.networks ?? {}));
  const { labels, outside, loadFromHost, copies = noCopies } = trial;
  const renamed = renameVariables(stack);
  const given = (kind: 'secrets' | 'configs') => {
    const names = new Set(
      kept.flatMap((name) => (stack.services[name]?.[kind] ?? []).map(({ source }) => source)),
    );
    return Object.fromEntries(
      Object.entries(stack[kind] ?? {})
        .filter(([name]) => names.has(name))
        .map(([name, { file, environment: theirs = '', content }]) => {
          return [name, dropUndefined({ file, environment: renamed.get(theirs), content })];
        }),
    );
  };
  return {
    name: trial.project,
    services: Object.fromEntries(kept.map((name) => [name, serviceOf(stack, name, new Set(kept), trial)])),
    // Addresses, names and drivers of theirs are left out: every network is a bridge of this project.
    networks: Object.fromEntries(
      [...new Set([...used, 'default'])].map((name) => [
        name,
        dropUndefined({
          labels,
          internal: !outside,
          driver_opts: outside || loadFromHost ? undefined : noGateway,
        }),
      ]),
    ),
    volumes: volumesOf(stack, labels, copies),
    secrets: given('secrets'),
    configs: given('configs'),
  };
}

/**
 * The variables that secrets and configurations of a stack are taken from → how they are called for Compose here. A name of the
 * stack, such as LD_PRELOAD or DOCKER_CONFIG, would make the programs that read it run the stack's code, on the host.
 */
export function renameVariables({ secrets, configs }: Pick<Stack, 'secrets' | 'configs'>) {
  const given = [...Object.values(secrets ?? {}), ...Object.values(configs ?? {})];
  const names = new Set(given.flatMap(({ environment: name }) => name ?? []));
  return new Map([...names].map((name, at) => [name, `OCIBENCH_SECRET_${at + 1}`]));
}

/**
 * The bridge of an internal network has an address of the host, where its services answer, unless this option leaves it out (seen
 * under Docker 26.1 and 28.5).
 */
const noGateway = { 'com.docker.network.bridge.inhibit_ipv4': 'true' } as const;

/**
 * System controls without those of IPv6: with disable_ipv6=0 a container of an internal network reaches the host by the bridge's
 * link-local address (seen under Docker 26.1).
 */
function withoutIpv6(sysctls: NonNullable<StackService['sysctls']>): object {
  return Object.fromEntries(Object.entries(sysctls).filter(([name]) => !/^net[./]ipv6[./]/.test(name)));
}

const noCopies: ReadonlyMap<string, string> = new Map();

/** Volumes of the file, and one for each directory of the host that is copied. Compose neither makes nor removes copies. */
function volumesOf(stack: Stack, labels: Trial['labels'], copies: ReadonlyMap<string, string>): object {
  const copied = (name: string) => ({ external: true, name });
  const own = Object.keys(stack.volumes ?? {}).map((name) => {
    const copy = copies.get(`volume:${name}`);
    return [name, copy === undefined ? { labels } : copied(copy)] as const;
  });
  const ofHost = [...copies].flatMap(([key, name]) =>
    key.startsWith('bind:') ? [[name, copied(name)] as const] : [],
  );
  return Object.fromEntries([...own, ...ofHost]);
}

function serviceOf(stack: Stack, name: string, kept: ReadonlySet<string>, trial: Trial): object {
  const all: StackService = stack.services[name] ?? {};
  const { network_mode: mode = '', ...own } = pick(all, keptKeys) as StackService;
  const parent = trial.cgroupParentOf(name);
  return {
    ...own,
    image: imageOf(stack, name),
    runtime: trial.runtimeOf(name),
    // A service that is ready too early tries again, as it does for its user.
    restart: isRestarted(all) ? 'on-failure:5' : 'no',
    pull_policy: 'never',
    labels: trial.labels,
    logging: { driver: 'json-file', options: { 'max-size': '4m', 'max-file': '1' } },
    ...dropUndefined({
      cgroup_parent: parent ?? undefined,
      network_mode: keptNetworkMode(mode) ?? undefined,
      healthcheck: own.healthcheck && soonChecked(own.healthcheck),
      sysctls: own.sysctls && (trial.outside ? own.sysctls : withoutIpv6(own.sysctls)),
      deploy: own.deploy === undefined ? undefined : dropUndefined({ resources: own.deploy.resources }),
      networks: own.networks && aliasesOf(own.networks),
      volumes: own.volumes?.map((mount) => mountOf(mount, trial.copies ?? noCopies)),
      depends_on: own.depends_on && pick(own.depends_on, kept),
    }),
  };
}

/** Longest interval of a health check: with a longer one the first check comes after the end of a trial. */
const longestInterval = '5s';
/** Docker's, where none is given. */
const usualInterval = '30s';

/** A health check that comes soon. */
function soonChecked(check: NonNullable<StackService['healthcheck']>): object {
  // What is no duration here is shorter than a millisecond.
  const ms = (interval: string) => parseDuration(interval) ?? 0;
  const isLong = ms(check.interval ?? usualInterval) > ms(longestInterval);
  return isLong && check.disable !== true ? { ...check, interval: longestInterval } : check;
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

/**
 * What is copied is mounted as in the file, but as a volume. What another host path holds can be read; one that is not there is an
 * empty volume, as nothing may be made on the host.
 */
function mountOf(mount: StackMount, copies: ReadonlyMap<string, string>): object {
  const { type, source, target, tmpfs, isAbsent, read_only, volume } = mount;
  const copy = copies.get(dataKey(mount) ?? '');
  if (copy !== undefined) {
    const isBind = type === 'bind';
    const kept = volume && dropUndefined({ nocopy: volume.nocopy, subpath: volume.subpath });
    // The image's files come into an empty volume, and never into a directory of the host.
    const how = { source: isBind ? copy : source, volume: isBind ? { nocopy: true } : kept };
    return dropUndefined({ type: 'volume', target, read_only, ...how });
  }
  if (type === 'bind' && isAbsent !== true)
    return { type, source, target, read_only: true, bind: { create_host_path: false } };
  if (type === 'tmpfs') return dropUndefined({ type, target, tmpfs });
  return dropUndefined({ type: 'volume', source: type === 'bind' ? undefined : source, target });
}

/** The compose file that moves services to a runtime: an override, for `docker compose -f compose.yaml -f FILE`. */
export function overrideText(stack: Stack, runtimeOf: ReadonlyMap<string, string>): string {
  const lines = [...runtimeOf].map(([service, runtime]) => {
    const copies = replicasOf(stack.services[service] ?? {});
    return `  ${JSON.stringify(service)}:\n    runtime: ${JSON.stringify(runtime)}${copies > 1 ? ` # ${copies} copies` : ''}\n`;
  });
  return lines.length === 0 ? 'services: {}\n' : `services:\n${lines.join('')}`;
}
