import { basename } from 'node:path/posix';
import type { RuntimeEntry } from '../model/runtime/runtime.ts';
import type { ProcessRole } from '../model/trial/trial.ts';
import { defaultExports } from '../modules/default-exports.ts';
import { commonRoles } from './common-roles.ts';
import { executedName } from './entry.ts';
import type { Family } from './family.ts';
import type { Role } from './role.ts';

/**
 * Every known family of runtimes, in list order. Loads the modules of this folder, which therefore must not import it.
 */
export const families: readonly Family[] = (
  (await defaultExports(import.meta.dirname, basename(import.meta.filename))) as Family[]
).toSorted((a, b) => a.order - b.order);

const byId = new Map(families.map((family) => [family.id, family]));
const other = families.find(({ recognition }) => recognition === null);

/** Families that recognise entries, in the order in which they are tried. */
export const recognised: readonly Family[] = families
  .filter(({ recognition }) => recognition !== null)
  .toSorted((a, b) => (a.recognition?.priority ?? 0) - (b.recognition?.priority ?? 0));

/** The family with this id; `other` for an id of another version. */
export function familyOf(id: string | undefined): Family {
  const family = (id === undefined ? undefined : byId.get(id)) ?? other;
  if (family === undefined) throw new Error('no family takes what no other recognises');
  return family;
}

function recognisedIn(text: string): Family | undefined {
  return recognised.find(({ recognition }) => recognition?.pattern.test(text));
}

/**
 * The implementation that an entry executes. The executed program decides before the entry's name: the binary that a
 * runc shim calls, the program or shim, and only for a wrapper script of unknown name the name in daemon.json.
 */
export function familyOfEntry(entry: RuntimeEntry): Family {
  return recognisedIn(executedName(entry)) ?? recognisedIn(entry.name) ?? familyOf(undefined);
}

/** Every role of a process, in list order; families may share some. */
export const roles: readonly Role[] = [
  ...new Set([...commonRoles, ...families.flatMap((family) => family.roles ?? [])]),
].toSorted((a, b) => a.order - b.order);

const roleById = new Map(roles.map((role) => [role.id, role]));

/** Definition of a role; undefined for one of another version. */
export function findRole(id: ProcessRole): Role | undefined {
  return roleById.get(id);
}

/** Can containers of this family run in virtual machines? */
export function mayStartGuests({ kernel }: Family): boolean {
  return kernel === 'guest' || kernel === 'unknown';
}

/** Can containers of this family run WebAssembly modules only, and no native program? */
export function runsModulesOnly({ kernel }: Pick<Family, 'kernel'>): boolean {
  return kernel === 'wasi';
}

/**
 * The command line of a runtime without an engine: its program, the arguments of daemon.json, and those that its family
 * needs in this case.
 */
export function runtimeCommand(entry: RuntimeEntry): string[] {
  const given = entry.runtimeArgs ?? [];
  const isGiven = (flag: string) => given.some((word) => word.split('=')[0] === flag.split('=')[0]);
  const { argumentsAlone = [] } = familyOfEntry(entry);
  return [entry.path ?? entry.name, ...given, ...argumentsAlone.filter((flag) => !isGiven(flag))];
}
