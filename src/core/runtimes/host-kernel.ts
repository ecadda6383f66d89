import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';

const words = messages('runtime', {
  networkOfHost: 'the host’s stack',
  toCompare: 'a runtime to compare',
});

/** Network stack of containers whose processes run on the host's kernel. */
export function hostNetworkStack(network: string | null): Message | null {
  return network === 'none' ? null : words.networkOfHost;
}

/** Reason for the installation of a runtime's package. */
export const whyToCompare = words.toCompare;

/** Recorded options of containerd's shim for OCI runtimes. */
export const runcShimOptions = [
  'TypeUrl',
  'BinaryName',
  'Root',
  'SystemdCgroup',
  'NoPivotRoot',
  'NoNewKeyring',
  'ShimCgroup',
  'IoUid',
  'IoGid',
  'CriuImagePath',
  'CriuWorkPath',
];

/** Recorded flags of OCI runtimes with runc's command line (runc(8)). */
export const runcFlags = ['debug', 'log', 'log-format', 'root', 'criu', 'systemd-cgroup', 'rootless'];
