import { installationOf, type PackageNeed, requiredBy } from '../../../app/packages/package-needs.ts';
import { missingPackages, type PackageSystem } from '../../../app/packages/packages.ts';
import type { Requirement } from '../../../app/requirements.ts';
import { listed } from '../../../core/messages/compose.ts';
import { messages, notices } from '../../../core/messages/define.ts';
import { exitCodes, OcibenchError } from '../../../core/model/failure/error.ts';

const text = notices('lab.needs', {
  missing:
    'the lab needs programs that are missing here:\n{programs}\nfix:  @(sudo doctor --install --lab)   or\n{commands}',
});

const words = messages('lab.needs', {
  program: '  {program}: {why}',
  command: '  {command}',
  mmdebstrap: "builds the guest's Debian",
  mke2fs: 'creates the disks, repairs them and reads the results',
  bsdtar: 'its library lets mke2fs read a tar file',
  qemu: 'runs the guest',
  setpriv: 'stops QEMU when ocibench ends',
  newuidmap: 'lets mmdebstrap work without root',
});

const need = requiredBy('lab');

/** Programs that the lab calls on the host. */
export const labNeeds: readonly PackageNeed[] = [
  need('mmdebstrap', 'mmdebstrap', words.mmdebstrap),
  need('mke2fs', 'e2fsprogs', words.mke2fs),
  need('bsdtar', 'libarchive-tools', words.bsdtar),
  need('qemu-system-x86_64', 'qemu-system-x86', words.qemu),
  need('setpriv', 'util-linux', words.setpriv),
];

/** Needed only without root: mmdebstrap then works in a user namespace. */
const rootlessNeeds: readonly PackageNeed[] = [need('newuidmap', 'uidmap', words.newuidmap)];

/**
 * Throws OcibenchError (exit 3), with the missing programs and the apt-get line, where any is missing. Installs nothing;
 * `ocibench doctor --install --lab` does.
 */
export async function requireLabPrograms(system: Pick<PackageSystem, 'find' | 'root'>): Promise<void> {
  const needs = system.root ? labNeeds : [...labNeeds, ...rootlessNeeds];
  const missing = await missingPackages(needs, system);
  if (missing.length === 0) return;
  const programs = missing.map(({ program, why }) => words.program({ program, why }));
  const commands = installationOf(missing, false).commands.map((command) => words.command({ command }));
  throw new OcibenchError(
    text.missing({ programs: listed(programs, 'line'), commands: listed(commands, 'line') }),
    { exitCode: exitCodes.noEngine },
  );
}

const requirement: Requirement = { setup: { flag: 'lab', needs: labNeeds } };

export default requirement;
