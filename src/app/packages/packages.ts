import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { findProgram } from '../../core/files/programs.ts';
import { type ProgramResult, type RunProgram, runProgram } from '../../core/host/programs.ts';
import { external, listed } from '../../core/messages/compose.ts';
import { messages, notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { exitCodes, OcibenchError } from '../../core/model/failure/error.ts';
import {
  installationOf,
  installCommand,
  type PackageNeed,
  packageNeeds,
  packagesOf,
  parseCandidates,
  updateCommand,
} from './package-needs.ts';

export { type PackageNeed, packageNeeds } from './package-needs.ts';

const words = messages('package', {
  leftOut: '{program} is left out: {reason}',
  elsewhere: '{reason}; download it from {url}',
  notRoot: 'only root can install it',
  noApt: 'this is neither Debian nor Ubuntu (there is no apt-get)',
  unknownHere: 'this distribution has no package for it',
  aptGetFailed: 'apt-get failed',
  aptFailed: 'apt-get could not install it: {said}',
  updateFailed: 'apt-get update failed; continuing with the existing package lists:\n{said}',
  dockerSite: 'install Docker Engine: https://docs.docker.com/engine/install/',
});
const text = notices('package', {
  missing: 'missing here: {programs}; {why}. What would help:\n  {help}',
  notInstalled: 'the packages could not be installed ({programs}):\n{said}\nWhat would help:\n  {help}',
});

/** The system as the installation uses it; tests replace it. */
export interface PackageSystem {
  readonly run: RunProgram;
  find(program: string): Promise<string | null>;
  readonly root: boolean;
  /** Does systemd run this host (sd_booted(3))? */
  systemd(): Promise<boolean>;
  /** Has `apt-get update` ever filled the package lists? */
  hasLists(): Promise<boolean>;
}

/** The real system. */
export const hostSystem: PackageSystem = {
  run: runProgram,
  find: (program) => findProgram(program),
  root: process.getuid?.() === 0,
  systemd: async () => existsSync('/run/systemd/system'),
  hasLists: async () =>
    (await readdir('/var/lib/apt/lists').catch(() => [])).some((name) => /_Packages(\.\w+)?$/.test(name)),
};

export interface InstallOutcome {
  readonly installed: readonly string[];
  /** Optional programs that are still missing, each with the reason. */
  readonly left: readonly { readonly program: string; readonly reason: Message }[];
}

/** The needs whose program is not found. */
export async function missingPackages(
  needs: readonly PackageNeed[] = packageNeeds,
  system: Pick<PackageSystem, 'find'> = hostSystem,
): Promise<readonly PackageNeed[]> {
  const found = await Promise.all(needs.map((need) => system.find(need.program)));
  return needs.filter((_, i) => found[i] === null);
}

const quarterHour = 15 * 60_000;

function tail({ stdout, stderr }: ProgramResult): string {
  return `${stdout}\n${stderr}`.trim().split('\n').slice(-12).join('\n');
}

async function apt(command: readonly string[], system: PackageSystem): Promise<ProgramResult> {
  const [file = '', ...args] = command;
  return system.run(file, args, { timeoutMs: quarterHour, env: { DEBIAN_FRONTEND: 'noninteractive' } });
}

function leftOut(needs: readonly PackageNeed[], reason: Message): InstallOutcome['left'] {
  return needs.map(({ program, elsewhere: url }) => ({
    program,
    reason: url === undefined ? reason : words.elsewhere({ reason, url }),
  }));
}

/**
 * Installs the missing programs of `needs`, after an announcement. OcibenchError (exit 3) with the commands that would
 * help where required packages cannot be installed; optional packages that the distribution lacks are only reported.
 * Does nothing, silently, where nothing is missing.
 */
export async function installPackages({
  log,
  needs = packageNeeds,
  system = hostSystem,
}: {
  readonly log: (line: Message) => void;
  readonly needs?: readonly PackageNeed[];
  readonly system?: PackageSystem;
}): Promise<InstallOutcome> {
  const missing = await missingPackages(needs, system);
  if (missing.length === 0) return { installed: [], left: [] };
  const required = missing.filter((need) => need.required);
  let optional = missing.filter((need) => !need.required);
  const done = (outcome: InstallOutcome): InstallOutcome => {
    for (const left of outcome.left) log(words.leftOut(left));
    return outcome;
  };
  const installation = installationOf(missing, await system.systemd());

  const hasApt = (await system.find('apt-get')) !== null;
  if (!system.root || !hasApt) {
    const why = hasApt ? words.notRoot : words.noApt;
    if (required.length === 0) return done({ installed: [], left: leftOut(optional, why) });
    const programs = listed(required.map((need) => need.program));
    const help = hasApt ? external(installation.commands.join('\n  ')) : words.dockerSite;
    throw new OcibenchError(text.missing({ programs, why, help }), { exitCode: exitCodes.noEngine });
  }

  // Where only optional packages are missing, existing package lists answer without the network.
  if (required.length > 0 || !(await system.hasLists())) {
    const update = await apt(updateCommand, system);
    if (update.exitCode !== 0) log(words.updateFailed({ said: tail(update) }));
  }
  const policy = await system.run('apt-cache', ['policy', ...packagesOf(optional)], { env: { LC_ALL: 'C' } });
  const candidates = optional.length === 0 ? [] : parseCandidates(policy.stdout);
  const left = [
    ...leftOut(
      optional.filter((need) => !candidates.includes(need.package)),
      words.unknownHere,
    ),
  ];
  optional = optional.filter((need) => candidates.includes(need.package));
  for (const line of installationOf([...required, ...optional], await system.systemd()).announcement)
    log(line);

  const installed: string[] = [];
  if (required.length > 0) {
    const result = await apt(installCommand(installation.required), system);
    const still = await missingPackages(required, system);
    if (result.exitCode !== 0 || still.length > 0) {
      const programs = still.length === 0 ? words.aptGetFailed : listed(still.map((need) => need.program));
      const values = { programs, said: tail(result), help: installation.commands.join('\n  ') };
      throw new OcibenchError(text.notInstalled(values), { exitCode: exitCodes.noEngine });
    }
    installed.push(...installation.required);
  }
  // One by one: a failing optional package must not affect another.
  for (const need of optional) {
    const result = await apt(installCommand([need.package]), system);
    if (result.exitCode === 0 && (await system.find(need.program)) !== null) installed.push(need.package);
    else left.push(...leftOut([need], words.aptFailed({ said: tail(result).split('\n').at(-1) ?? '' })));
  }
  return done({ installed, left });
}
