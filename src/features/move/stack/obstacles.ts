import { listed } from '../../../core/messages/compose.ts';
import { type Reason, reasons } from '../../../core/messages/define.ts';
import type { RuntimeFamily } from '../../../core/model/runtime/runtime.ts';
import { droppedKeys, keptKeys, keptMounts, keptNetworkMode } from './project.ts';
import { partnersOf, reachesHost, type Stack, type StackService } from './stack.ts';

const text = reasons('move.obstacle', {
  privileged: {
    message: 'is privileged: no sandbox gives it that access to the host',
    fix: 'replace privileged by the capabilities that it needs (cap_add), or leave it where it is',
  },
  hostPath: {
    message: 'mounts {source}: sockets, a device or a file system of the host',
    fix: 'leave it where it is',
  },
  unseen: {
    message: 'mounts {source}, which cannot be searched to its end for sockets of the host (at {place})',
    fix: 'mount only the part of it that is needed, or leave it where it is',
  },
  hostNamespace: {
    message: 'joins a namespace or network outside this file ({key}: {value})',
    fix: 'give it one of its own, or leave it where it is',
  },
  device: {
    message: 'uses devices of the host: {devices}',
    fix: 'leave it where it is, unless the documentation of the runtime names these devices',
  },
  gpu: {
    message: 'asks for a GPU',
    fix: 'test it by hand: gVisor needs --nvproxy in runtimeArgs, Kata a device passed through with VFIO',
  },
  capability: {
    message: 'asks for capabilities by which it reaches or changes the host: {capabilities}',
    fix: 'try it without them; if it must change the host, leave it where it is',
  },
  confinement: {
    message: 'turns off a protection of Docker ({options})',
    fix: 'try it without these options, or leave it where it is',
  },
  sharedMount: {
    message: 'shares mounts with the host ({source}: {value})',
    fix: 'remove the propagation, and mount what it needs before it starts',
  },
  partner: {
    message: 'needs {partner}, which is not tried',
    fix: 'see {partner}',
  },
  unknownKey: {
    message: 'uses {key}, which a trial does not support',
    fix: 'in a copy of the file, try it without',
  },
  external: {
    message: 'uses {key}, which is external',
    fix: 'in a copy of the file, define it by file or environment',
  },
  seccompIgnored: {
    message:
      'sets a seccomp profile ({options}) that does not filter its calls there: gVisor’s kernel answers them',
    fix: 'to apply a seccomp profile inside, add --oci-seccomp to runtimeArgs of runsc',
  },
  moduleIgnored: {
    message: 'sets a security module ({options}) that has no effect inside a virtual machine',
    fix: 'nothing to do: the virtual machine isolates it',
  },
  sysctl: {
    message: 'sets {keys}; a sandbox kernel knows few of these and may ignore them',
    fix: 'check what depends on them',
  },
});

/** What the file says against a service under a runtime. */
export interface Obstacle {
  readonly service: string;
  /** The key of the service that says it. */
  readonly key: string;
  /**
   * `host`: it reaches into the host or into what is not in the file, so that it is not tried here; `differs`: it may run, but
   * not as under the baseline.
   */
  readonly kind: 'host' | 'differs';
  readonly reason: Reason;
}

type Found = Omit<Obstacle, 'service'>;
type Read = Pick<Stack, 'services' | 'secrets' | 'configs'>;

/**
 * Capabilities that act on the host's kernel, not only on the namespaces of a container: capabilities(7). NET_ADMIN is one of them
 * here: with it a container of an internal network makes itself a link-local address, and its bridge, which is the host, has one.
 */
const hostCapabilities = new Set(
  'ALL NET_ADMIN SYS_ADMIN SYS_MODULE SYS_RAWIO SYS_BOOT SYS_TIME SYSLOG BPF PERFMON MAC_ADMIN MAC_OVERRIDE WAKE_ALARM BLOCK_SUSPEND AUDIT_CONTROL AUDIT_READ DAC_READ_SEARCH'.split(
    ' ',
  ),
);

/**
 * The obstacles of a stack's services under a family of runtimes, from the file alone. `names`: the services that are part of the
 * stack; sources of mounts are real paths.
 */
export function obstaclesOf(
  stack: Read,
  names: readonly string[],
  family: RuntimeFamily,
): readonly Obstacle[] {
  const own = names.flatMap((service) => {
    const each = stack.services[service] ?? {};
    return [...ofHost(each, stack), ...ofSandbox(each, family)].map((one): Obstacle => ({ service, ...one }));
  });
  const reaching = new Set(own.filter(({ kind }) => kind === 'host').map(({ service }) => service));
  return [...own, ...ofPartners(stack.services, names, reaching)];
}

const host = (key: string, reason: Reason): Found => ({ key, kind: 'host', reason });
const differs = (key: string, reason: Reason): Found => ({ key, kind: 'differs', reason });

/** What reaches into the host: no container of it may be started beside what runs there, whatever the runtime. */
function ofHost(service: StackService, stack: Read): readonly Found[] {
  const {
    volumes = [],
    devices = [],
    deploy,
    gpus,
    cap_add: wanted = [],
    security_opt: options = [],
  } = service;
  const ofDevices = [
    ...devices.map((device) => (typeof device === 'string' ? device : device.source)),
    ...(service.device_cgroup_rules ?? []),
  ];
  const wantsGpu =
    gpus !== undefined ||
    service.runtime === 'nvidia' ||
    (deploy?.resources?.reservations?.devices ?? []).length > 0;
  const strong = wanted.filter((name) => hostCapabilities.has(name.toUpperCase().replace(/^CAP_/, '')));
  const opened = options.filter((option) => /unconfined|label[:=]disable/.test(option));
  const unknown = Object.keys(service).filter(
    (key) => !keptKeys.has(key) && !droppedKeys.has(key) && !readKeys.has(key) && !key.startsWith('x-'),
  );
  return [
    ...(service.privileged === true ? [host('privileged', text.privileged)] : []),
    ...ofNamespaces(service),
    ...volumes.flatMap(ofMount),
    ...ofGiven(service, stack),
    ...(ofDevices.length === 0 ? [] : [host('devices', text.device({ devices: listed(ofDevices) }))]),
    ...(wantsGpu ? [host('gpus', text.gpu)] : []),
    ...(strong.length === 0 ? [] : [host('cap_add', text.capability({ capabilities: listed(strong) }))]),
    ...(opened.length === 0 ? [] : [host('security_opt', text.confinement({ options: listed(opened) }))]),
    ...unknown.map((key) => host(key, text.unknownKey({ key }))),
  ];
}

/** Keys that are read here, and decide whether a service is tried. */
const readKeys = new Set([
  'privileged',
  'devices',
  'device_cgroup_rules',
  'gpus',
  'runtime',
  'userns_mode',
  'cgroup',
  'uts',
]);

function ofNamespaces(service: StackService): readonly Found[] {
  const { network_mode: network = '' } = service;
  const shared = (['pid', 'ipc', 'uts', 'userns_mode', 'cgroup'] as const).flatMap((key) => {
    const value = service[key] ?? '';
    return value === '' || /^(?:service:|private$|shareable$|none$)/.test(value) ? [] : [{ key, value }];
  });
  const others = (service.volumes_from ?? [])
    .filter((value) => value.startsWith('container:'))
    .map((value) => ({ key: 'volumes_from', value }));
  return [
    ...(keptNetworkMode(network) === null ? [{ key: 'network_mode', value: network }] : []),
    ...shared,
    ...others,
  ].map(({ key, value }) => host(key, text.hostNamespace({ key, value })));
}

function ofMount({
  type,
  source = '',
  bind,
  reaches,
  unseen,
}: NonNullable<StackService['volumes']>[number]): readonly Found[] {
  if (!keptMounts.has(type)) return [host('volumes', text.unknownKey({ key: `volumes.type: ${type}` }))];
  if (type !== 'bind') return [];
  const value = bind?.propagation ?? '';
  return [
    ...(reachesHost(source) || reaches !== undefined
      ? [host('volumes', text.hostPath({ source: reaches ?? source }))]
      : []),
    ...(unseen === undefined ? [] : [host('volumes', text.unseen({ source, place: unseen }))]),
    ...(/shared|slave/.test(value) ? [host('volumes', text.sharedMount({ source, value }))] : []),
  ];
}

/** Secrets and configurations that are not in the file, or lead to the host. */
function ofGiven(service: StackService, stack: Read): readonly Found[] {
  return (['secrets', 'configs'] as const).flatMap((kind) =>
    (service[kind] ?? []).flatMap(({ source }) => {
      const given = stack[kind]?.[source];
      const key = `${kind}.${source}`;
      if (given === undefined || given.external === true) return [host(kind, text.external({ key }))];
      const { file = '', unseen } = given;
      if (unseen !== undefined) return [host(kind, text.unseen({ source: file, place: unseen }))];
      const path = given.reaches ?? file;
      return given.reaches !== undefined || reachesHost(path)
        ? [host(kind, text.hostPath({ source: path }))]
        : [];
    }),
  );
}

/** What means something else in a sandbox: containers with a kernel of their own. */
function ofSandbox(service: StackService, family: RuntimeFamily): readonly Found[] {
  if (family !== 'runsc' && family !== 'kata') return [];
  const { security_opt: options = [], sysctls = {} } = service;
  const profiles = options.filter((option) => /^(?:seccomp|apparmor|label)[:=]/.test(option));
  const keys = Object.keys(sysctls);
  const unapplied = family === 'runsc' ? text.seccompIgnored : text.moduleIgnored;
  return [
    ...(profiles.length === 0 ? [] : [differs('security_opt', unapplied({ options: listed(profiles) }))]),
    ...(keys.length === 0 ? [] : [differs('sysctls', text.sysctl({ keys: listed(keys) }))]),
  ];
}

/** Services that cannot be without one that is not tried, and those that cannot be without these. */
function ofPartners(
  services: Stack['services'],
  names: readonly string[],
  reaching: Set<string>,
): readonly Obstacle[] {
  const found: Obstacle[] = [];
  const tried = new Set(names);
  for (let before = -1; before !== reaching.size; ) {
    before = reaching.size;
    for (const service of names) {
      const partner = partnersOf(services[service] ?? {}).find(
        (name) => reaching.has(name) || !tried.has(name),
      );
      if (partner === undefined || reaching.has(service)) continue;
      reaching.add(service);
      found.push({ service, ...host('depends_on', text.partner({ partner })) });
    }
  }
  return found;
}
