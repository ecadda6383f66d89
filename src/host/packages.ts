import { access, readdir } from 'node:fs/promises';
import { exitCodes, OcibenchError } from '../model/error.ts';
import {
  aptPlan,
  installCommand,
  type PackageNeed,
  packageNeeds,
  packagesOf,
  parseCandidates,
  updateCommand,
} from './package-needs.ts';
import { findProgram, type ProgramResult, type RunProgram, runProgram } from './programs.ts';

export { aptPlan, type PackageNeed, packageNeeds } from './package-needs.ts';

/** What installing touches of the system; tests replace it. */
export interface PackageSystem {
  readonly run: RunProgram;
  find(program: string): Promise<string | null>;
  readonly root: boolean;
  /** Does systemd run this host (sd_booted(3))? */
  systemd(): Promise<boolean>;
  /** Has `apt-get update` ever filled the package lists? */
  hasLists(): Promise<boolean>;
}

const present = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** The real system. */
export const hostSystem: PackageSystem = {
  run: runProgram,
  find: (program) => findProgram(program),
  root: process.getuid?.() === 0,
  systemd: () => present('/run/systemd/system'),
  hasLists: async () =>
    (await readdir('/var/lib/apt/lists').catch(() => [])).some((name) => /_Packages(\.\w+)?$/.test(name)),
};

export interface InstallOutcome {
  readonly installed: readonly string[];
  /** Optional programs that are still missing, each with the reason. */
  readonly left: readonly { readonly program: string; readonly reason: string }[];
}

/** Those needs whose program is nowhere to be found. */
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

function leftOut(needs: readonly PackageNeed[], reason: string): InstallOutcome['left'] {
  return needs.map(({ program, elsewhere }) => ({
    program,
    reason: elsewhere === undefined ? reason : `${reason}; get it from ${elsewhere}`,
  }));
}

/**
 * Installs what is missing of `needs`, saying first what and why. Required packages that cannot be installed
 * are an OcibenchError (exit 3) with the commands that would help; an optional one that this distribution
 * does not have is only reported. Does nothing, and says nothing, where everything is there.
 */
export async function installPackages({
  log,
  needs = packageNeeds,
  system = hostSystem,
}: {
  readonly log: (line: string) => void;
  readonly needs?: readonly PackageNeed[];
  readonly system?: PackageSystem;
}): Promise<InstallOutcome> {
  const missing = await missingPackages(needs, system);
  if (missing.length === 0) return { installed: [], left: [] };
  const required = missing.filter((need) => need.required);
  let optional = missing.filter((need) => !need.required);
  const done = (outcome: InstallOutcome): InstallOutcome => {
    for (const { program, reason } of outcome.left) log(`${program} is left out: ${reason}`);
    return outcome;
  };
  const plan = aptPlan(missing, await system.systemd());

  const hasApt = (await system.find('apt-get')) !== null;
  if (!system.root || !hasApt) {
    const why = hasApt ? 'only root can install it' : 'this is no Debian or Ubuntu (there is no apt-get)';
    if (required.length === 0) return done({ installed: [], left: leftOut(optional, why) });
    const programs = required.map((need) => need.program).join(', ');
    const help = hasApt
      ? plan.commands.join('\n  ')
      : 'install Docker Engine: https://docs.docker.com/engine/install/';
    throw new OcibenchError(`missing here: ${programs}; ${why}. What would help:\n  ${help}`, {
      exitCode: exitCodes.noEngine,
    });
  }

  // Where only optional packages are missing, a list that is already there answers without the network.
  if (required.length > 0 || !(await system.hasLists())) {
    const update = await apt(updateCommand, system);
    if (update.exitCode !== 0)
      log(`apt-get update did not succeed; going on with the package lists that are here:\n${tail(update)}`);
  }
  const policy = await system.run('apt-cache', ['policy', ...packagesOf(optional)], { env: { LC_ALL: 'C' } });
  const candidates = optional.length === 0 ? [] : parseCandidates(policy.stdout);
  const left = [
    ...leftOut(
      optional.filter((need) => !candidates.includes(need.package)),
      'this distribution has no package of it',
    ),
  ];
  optional = optional.filter((need) => candidates.includes(need.package));
  for (const line of aptPlan([...required, ...optional], await system.systemd()).announcement) log(line);

  const installed: string[] = [];
  if (required.length > 0) {
    const result = await apt(installCommand(plan.required), system);
    const still = await missingPackages(required, system);
    if (result.exitCode !== 0 || still.length > 0)
      throw new OcibenchError(
        `the packages could not be installed (${still.map((need) => need.program).join(', ') || 'apt-get failed'}):\n${tail(result)}\nWhat would help:\n  ${plan.commands.join('\n  ')}`,
        { exitCode: exitCodes.noEngine },
      );
    installed.push(...plan.required);
  }
  // One by one: an optional package that fails must not take another with it.
  for (const need of optional) {
    const result = await apt(installCommand([need.package]), system);
    if (result.exitCode === 0 && (await system.find(need.program)) !== null) installed.push(need.package);
    else
      left.push(...leftOut([need], `apt-get could not install it: ${tail(result).split('\n').at(-1) ?? ''}`));
  }
  return done({ installed, left });
}
