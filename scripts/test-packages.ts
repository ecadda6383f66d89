import { existsSync } from 'node:fs';
import { type PackageNeed, requiredBy } from '../src/app/packages/package-needs.ts';
import { hostSystem, installPackages, type PackageSystem } from '../src/app/packages/packages.ts';
import { findLibrary, findProgram } from '../src/core/files/programs.ts';
import type { TestSet } from './test-sets.ts';

const need = requiredBy('tests');

const shortNeeds = [
  need('groff', 'groff-base', 'reads the manual page that the tests look at'),
  need('jq', 'jq', 'reads alarms in recipes that the tests try'),
  need('docker', 'docker-cli', 'is how people start the stack that a journey moves'),
  need('/usr/libexec/docker/cli-plugins/docker-compose', 'docker-compose', 'is Compose'),
];

const engineNeeds = [
  need('chromium', 'chromium', 'opens the reports that the tests look at'),
  need('gpg', 'gpg', 'signs the repository of packages that a test makes'),
  need('gpg-agent', 'gpg-agent', 'holds the key of that repository'),
  need('curl', 'curl', 'is in the commands of the documents that the tests run'),
  need('bzip2', 'bzip2', 'packs the archive that they unpack'),
  need('podman', 'podman', 'starts the containers of a layer that the tests measure'),
  need('conmon', 'conmon', 'stays beside each of these containers'),
  need('/usr/lib/podman/netavark', 'netavark', 'podman does not start without it'),
  need('criu', 'criu', 'stores the services that a test restores'),
  need('libcriu.so.2', 'libcriu2', 'is how crun calls it'),
  need('mkfs.btrfs', 'btrfs-progs', 'makes the disk whose quota a test uses up'),
];

/** Their packages start services, which would listen on the machine. */
const listeningNeeds = [
  need('slurmctld', 'slurmctld', 'is the cluster that the tests submit to'),
  need('slurmd', 'slurmd', 'is its nodes'),
  need('sbatch', 'slurm-client', 'is how it is asked'),
  need('ansible-playbook', 'ansible-core', 'runs the playbook that the tests try'),
  need('sshd', 'openssh-server', 'is the way to the hosts of that playbook'),
];

/** Packages start no service where this file forbids it, as in images. */
const startsNothing = existsSync('/usr/sbin/policy-rc.d') && !existsSync('/run/systemd/system');

/** A library is no program: nobody may execute its file. */
const system: PackageSystem = {
  ...hostSystem,
  find: async (file) => (await findProgram(file)) ?? findLibrary(file),
};

/** Installs what only tests call; `ocibench doctor --install` installs the rest. */
export async function installTestPackages(set: TestSet): Promise<void> {
  const needs: readonly PackageNeed[] =
    set === 'short' ? shortNeeds : [...shortNeeds, ...engineNeeds, ...(startsNothing ? listeningNeeds : [])];
  await installPackages({ needs, system, log: ({ text }) => console.error(text) });
}
