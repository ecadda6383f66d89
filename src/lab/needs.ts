import { aptPlan, type PackageNeed, requiredBy } from '../host/package-needs.ts';
import { missingPackages, type PackageSystem } from '../host/packages.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';

const need = requiredBy('lab');

/** What the lab calls on the host. */
export const labNeeds: readonly PackageNeed[] = [
  need('mmdebstrap', 'mmdebstrap', "builds the guest's Debian"),
  need('mke2fs', 'e2fsprogs', 'makes the disks'),
  need('debugfs', 'e2fsprogs', 'reads the results from the disk'),
  need('e2fsck', 'e2fsprogs', 'mends a disk after a guest that was killed'),
  need('bsdtar', 'libarchive-tools', 'its library lets mke2fs read a tar file'),
  need('qemu-system-x86_64', 'qemu-system-x86', 'runs the guest'),
  need('setpriv', 'util-linux', 'ends QEMU with the harness'),
];

/** Only a user who is not root needs it: mmdebstrap then works in a user namespace. */
const rootlessNeeds: readonly PackageNeed[] = [
  need('newuidmap', 'uidmap', 'lets mmdebstrap work without root'),
];

/**
 * Refuses where something is missing: OcibenchError (exit 3) that names the programs and the apt-get line. Nothing is
 * installed; that is for `ocibench setup --lab`.
 */
export async function requireLabPrograms(system: Pick<PackageSystem, 'find' | 'root'>): Promise<void> {
  const needs = system.root ? labNeeds : [...labNeeds, ...rootlessNeeds];
  const missing = await missingPackages(needs, system);
  if (missing.length === 0) return;
  const reasons = missing.map(({ program, why }) => `  ${program}: ${why}`);
  const { commands } = aptPlan(missing, false);
  throw new OcibenchError(
    `the lab needs programs that are missing here:\n${reasons.join('\n')}\nwhat would help:  ./ocibench setup --lab   (as root), or\n  ${commands.join('\n  ')}`,
    { exitCode: exitCodes.noEngine },
  );
}
