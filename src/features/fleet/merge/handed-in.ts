import { type Machine, type MachineRules, namesOf, submissionOf } from './identity.ts';

/** What Moodle adds to the name of who handed in: `Ada Lovelace_12345_assignsubmission_file_`. */
const moodle = /^(.+?)_\d+_assignsubmission_[a-z]+(?:_.*)?$/;

const archive = /\.(?:tar|tar\.gz|tgz|tar\.zst|tzst)(?::.*)?$/i;

/** Who handed in what is at a path, as directories and archives are called: the name before a form's additions. */
export function handedInBy(origin: string, { submissions }: MachineRules): string {
  const name = submissions === null ? origin : lastOf(submissionOf(origin, submissions));
  return moodle.exec(name)?.[1] ?? name.replace(archive, '');
}

const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/**
 * Names of the machines. In a class the name is that of the submission, as copies of a virtual machine share their host name; where
 * all submissions are called the same, and elsewhere, it is the host name. Numbered where several share one.
 */
export function namesIn(machines: readonly Machine[], rules: MachineRules): readonly string[] {
  if (rules.submissions === null) return namesOf(machines);
  const named = machines.map((machine) => ({
    ...machine,
    hostname: handedInBy(machine.runs.at(-1)?.origin ?? '', rules),
  }));
  const isTold = machines.length < 2 || new Set(named.map(({ hostname }) => hostname)).size > 1;
  return namesOf(isTold ? named : machines);
}
