import { listed } from '../../../core/messages/compose.ts';
import { type Reason, reasons } from '../../../core/messages/define.ts';
import type { RuntimeFamily } from '../../../core/model/runtime.ts';
import { isEngineSocket, type Stack, type StackService } from './stack.ts';

const text = reasons('move.obstacle', {
  privileged: {
    message: 'is privileged: what it does to the host it can do under no sandbox',
    fix: 'name the capabilities that it needs (cap_add), or leave it where it is',
  },
  engineSocket: {
    message: 'has the socket of a container engine ({source}): whoever is in it is root on the host',
    fix: 'leave it where it is: a sandbox around it isolates nothing',
  },
  hostNamespace: {
    message: 'shares a namespace of the host ({key}: {value}), which a sandbox does not have',
    fix: 'give it a namespace of its own, or leave it where it is',
  },
  otherContainer: {
    message: 'shares something with a container outside of this file ({key}: {value})',
    fix: 'take that container into the file',
  },
  device: {
    message: 'uses devices of the host: {devices}',
    fix: 'leave it where it is, unless the documentation of the runtime names these devices',
  },
  gpu: {
    message: 'asks for a GPU',
    fix: 'gVisor: a registration with --nvproxy; Kata: a device passed through with VFIO',
  },
  seccompIgnored: {
    message:
      'sets a profile of its own ({options}), which gVisor does not apply to the calls inside a sandbox',
    fix: 'nothing is lost but the profile: the calls reach no host kernel; seccomp alone comes with --oci-seccomp',
  },
  moduleIgnored: {
    message: 'sets a security module ({options}), which does not reach into a virtual machine',
    fix: 'nothing is lost but the profile: it would have confined what is now in a machine of its own',
  },
  capability: {
    message: 'asks for capabilities that mean nothing in a sandbox: {capabilities}',
    fix: 'look whether it works without; if it must change the host, leave it where it is',
  },
  sysctl: {
    message: 'sets {keys}; the kernel of a sandbox has few of these and may ignore them',
    fix: 'look whether what depends on them still holds',
  },
  socketMount: {
    message: 'mounts {source}, where a socket may be that a sandbox cannot reach',
    fix: 'gVisor: --host-uds=open in runtimeArgs; Kata has no way',
  },
  propagation: {
    message:
      'mounts {source} with propagation ({value}): later mounts of the host do not appear in a sandbox',
    fix: 'mount what it needs before it starts',
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

/** Capabilities that act on the host's kernel; inside a sandbox there is nothing for them to act on. */
const hostCapabilities = new Set(
  'ALL SYS_MODULE SYS_RAWIO SYS_BOOT SYS_TIME SYSLOG BPF PERFMON MAC_ADMIN MAC_OVERRIDE WAKE_ALARM BLOCK_SUSPEND AUDIT_CONTROL AUDIT_READ'.split(
    ' ',
  ),
);

const socketDirectory = /^\/(?:var\/)?run(?:\/|$)|\.sock$/;

/** The obstacles of a stack's services under a family of runtimes, from the file alone. */
export function obstaclesOf(
  { services }: Pick<Stack, 'services'>,
  family: RuntimeFamily,
): readonly Obstacle[] {
  return Object.entries(services).flatMap(([service, own]) => {
    const found = [...ofHost(own), ...(isSandbox(family) ? ofSandbox(own, family) : [])];
    return found.map((each): Obstacle => ({ service, ...each }));
  });
}

/** Families whose containers have a kernel of their own. */
const isSandbox = (family: RuntimeFamily) => family === 'runsc' || family === 'kata';

type Found = Omit<Obstacle, 'service'>;

const host = (key: string, reason: Reason): Found => ({ key, kind: 'host', reason });
const differs = (key: string, reason: Reason): Found => ({ key, kind: 'differs', reason });

/** What reaches into the host: no container of it may be started beside what runs there, whatever the runtime. */
function ofHost(service: StackService): readonly Found[] {
  const namespaces = ['network_mode', 'pid', 'ipc', 'uts', 'userns_mode', 'cgroup'] as const;
  const { volumes = [], devices = [], deploy, gpus } = service;
  const ofDevices = devices.map((device) => (typeof device === 'string' ? device : device.source));
  const wantsGpu = gpus !== undefined || (deploy?.resources?.reservations?.devices ?? []).length > 0;
  return [
    ...(service.privileged === true ? [host('privileged', text.privileged)] : []),
    ...namespaces.flatMap((key) => {
      const value = service[key] ?? '';
      if (value === 'host') return [host(key, text.hostNamespace({ key, value }))];
      return value.startsWith('container:') ? [host(key, text.otherContainer({ key, value }))] : [];
    }),
    ...(service.volumes_from ?? [])
      .filter((value) => value.startsWith('container:'))
      .map((value) => host('volumes_from', text.otherContainer({ key: 'volumes_from', value }))),
    ...volumes
      .filter(isEngineSocket)
      .map(({ source = '' }) => host('volumes', text.engineSocket({ source }))),
    ...(ofDevices.length === 0 ? [] : [host('devices', text.device({ devices: listed(ofDevices) }))]),
    ...(wantsGpu ? [host('gpus', text.gpu)] : []),
  ];
}

/** What means something else in a sandbox. */
function ofSandbox(service: StackService, family: RuntimeFamily): readonly Found[] {
  const { security_opt: options = [], cap_add: capabilities = [], sysctls = {}, volumes = [] } = service;
  const profiles = options.filter((option) => /^(?:seccomp|apparmor|label)[:=]/.test(option));
  const vain = capabilities.filter((name) => hostCapabilities.has(name.toUpperCase().replace(/^CAP_/, '')));
  const keys = Object.keys(sysctls);
  const mounts = volumes.filter(({ type }) => type === 'bind');
  const unapplied = family === 'runsc' ? text.seccompIgnored : text.moduleIgnored;
  return [
    ...(profiles.length === 0 ? [] : [differs('security_opt', unapplied({ options: listed(profiles) }))]),
    ...(vain.length === 0 ? [] : [differs('cap_add', text.capability({ capabilities: listed(vain) }))]),
    ...(keys.length === 0 ? [] : [differs('sysctls', text.sysctl({ keys: listed(keys) }))]),
    ...mounts
      .filter((mount) => socketDirectory.test(mount.source ?? '') && !isEngineSocket(mount))
      .map(({ source = '' }) => differs('volumes', text.socketMount({ source }))),
    ...mounts
      .filter(({ bind }) => /shared|slave/.test(bind?.propagation ?? ''))
      .map(({ source = '', bind }) =>
        differs('volumes', text.propagation({ source, value: bind?.propagation ?? '' })),
      ),
  ];
}
