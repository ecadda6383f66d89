import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';

const words = messages('runtime', {
  networkOfHost: 'the host’s stack',
  toCompare: 'a runtime to compare',
});

/** The network stack of containers that are processes of the host's kernel. */
export function hostNetworkStack(network: string | null): Message | null {
  return network === 'none' ? null : words.networkOfHost;
}

/** Why the package of a runtime is installed. */
export const whyToCompare = words.toCompare;

/** Options of containerd's shim for OCI runtimes that are recorded. */
export const runcShimOptions = [
  ...['TypeUrl', 'BinaryName', 'Root', 'SystemdCgroup', 'NoPivotRoot', 'NoNewKeyring', 'ShimCgroup'],
  ...['IoUid', 'IoGid', 'CriuImagePath', 'CriuWorkPath'],
];

/** Flags of OCI runtimes in runc's tradition (runc(8)) whose values are recorded. */
export const runcFlags = ['debug', 'log', 'log-format', 'root', 'criu', 'systemd-cgroup', 'rootless'];
