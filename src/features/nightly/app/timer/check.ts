import { lstat, opendir } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { configNames } from '../../../../core/config/load-config.ts';
import { whyNotOwn } from '../../../../core/files/held-directory.ts';
import { type CurrentUser, otherHand } from '../../../../core/files/walk.ts';
import type { RunProgram } from '../../../../core/host/programs.ts';
import { shellWord } from '../../../../core/messages/command.ts';
import { messages, reasons } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { terminalLines } from '../../../../report/document/sanitize.ts';
import { refuseTimer } from './timer-setup.ts';
import type { TimerSetup } from './units.ts';

const fixes = messages('timer', {
  copyCheckout: 'install from a copy that only root can change:  {command}',
  package: 'as root, install ocibench as the Debian package or with npm install --global; then:  {command}',
  copyConfig: 'name a copy that only root can change:  {command}',
});
const why = reasons('timer', {
  othersFile: { message: 'root would run it every night, but another user can change it: {who}' },
  othersDirectory: {
    message:
      'without the user who called sudo, each night of the timer would end with exit code {code}:\n{said}',
    fix: 'give the nights a directory that only root can change:  {command}',
  },
  othersPlace: {
    message: 'root would read its configuration there every night, but another user can change it: {who}',
    fix: 'give the nights a directory that only root can change:  {command}',
  },
  noNight: {
    message: 'each night of the timer would end with exit code {code}:\n{said}',
    fix: 'fix that, then check again:  {command}',
  },
});

/** The program that a timer starts, and its user. Replaced in tests. */
export interface TimerProgram {
  /** User of the timer: the effective one. `sudoUid` is null, since no night is started through sudo. */
  readonly me: CurrentUser;
  /** Directory of this package. */
  readonly packageRoot: string;
}

/** This program, as a timer of this user would start it. */
export function thisTimerProgram(): TimerProgram {
  return {
    me: { uid: process.geteuid?.() ?? 0, sudoUid: null },
    packageRoot: dirname(findPackageJSON(import.meta.url) ?? '/'),
  };
}

/** Proposed directories that only root can change. */
const own = { package: '/opt/ocibench', nights: '/srv/ocibench' } as const;

/** Parts of the package that the program loads. */
const loadedParts = [
  'package.json',
  'ocibench',
  'bin',
  'dist',
  'src',
  'workloads',
  'scripts',
  'node_modules',
] as const;

/** A file that another user can change. */
interface ForeignFile {
  readonly path: string;
  readonly who: Message;
}

/**
 * OcibenchError (exit 2) if a night could not begin as the timer would start it, or if another user could change what root
 * would run: the program, its Node, the files that they load, and the configuration. Starts `nightly --check` in exactly the
 * environment of a night, so that the night's own checks decide.
 */
export async function refuseVainTimer(
  setup: TimerSetup,
  program: TimerProgram,
  run: RunProgram,
): Promise<void> {
  const { me } = program;
  const foreign = me.uid === 0 ? await foreignPart(setup, program) : null;
  if (foreign !== null) throw await refuseForeign(setup, program, foreign);
  const words = checkWords(setup);
  const { exitCode, stderr } = await run('env', words, { timeoutMs: 300_000 });
  const who = me.uid === 0 ? whyNotOwn(setup.directory, { me }) : null;
  const isForeign = who !== null;
  if (exitCode === 0) {
    if (who === null) return;
    const command = (await commandsToInstall(setup, me)).join(' && ');
    throw refuseTimer('cannot', setup.directory, why.othersPlace({ who, command }));
  }
  // A fix for a start by hand does not help a timer.
  const kept = stderr.split('\n').filter((line) => !(isForeign && line.startsWith('  fix: ')));
  const values = { code: String(exitCode ?? '–'), said: terminalLines(kept.join('\n').trim()) };
  const commands = isForeign ? await commandsToInstall(setup, me) : [asCommand('env', ...words)];
  const command = commands.join(' && ');
  const made = isForeign ? why.othersDirectory : why.noNight;
  throw refuseTimer('cannot', setup.directory, made({ ...values, command }));
}

/** Arguments of env(1) that start the check in the environment of a night. */
function checkWords({ command, directory, environment }: TimerSetup): readonly string[] {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return ['-i', '-C', directory, ...variables, ...command, '--check'];
}

const isThere = async (path: string) => (await lstat(path).catch(() => null)) !== null;

/** The first file that root would run or load and that another user can change; null: none. */
async function foreignPart(
  { program, config }: TimerSetup,
  { me, packageRoot }: TimerProgram,
): Promise<ForeignFile | null> {
  const inside = loadedParts.map((part) => join(packageRoot, part));
  for (const path of [...program, process.execPath, ...inside, ...(config === null ? [] : [config])]) {
    const who = whyNotOwn(path, { me });
    if (who !== null) return { path, who };
  }
  // npm installs shared dependencies beside the package.
  const beside = dirname(packageRoot);
  const isNested = basename(beside) !== 'node_modules' || (await isThere(join(packageRoot, 'node_modules')));
  for (const path of isNested ? inside : [beside]) {
    const found = await foreignBelow(path, me);
    if (found !== null) return found;
  }
  return null;
}

async function foreignBelow(directory: string, me: CurrentUser): Promise<ForeignFile | null> {
  if (!(await lstat(directory).catch(() => null))?.isDirectory()) return null;
  for await (const entry of await opendir(directory, { recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const who = entry.isSymbolicLink() ? whyNotOwn(path, { me }) : otherHand(path, await lstat(path), me);
    if (who !== null) return { path, who };
  }
  return null;
}

async function refuseForeign(
  setup: TimerSetup,
  { me, packageRoot }: TimerProgram,
  { path, who }: ForeignFile,
): Promise<Error> {
  const refuse = (fix: Message) => refuseTimer('cannot', path, why.othersFile({ who, fix }));
  if (path === setup.config) {
    const commands = [asRoot('mkdir', '-p', own.nights), asRoot('cp', path, `${own.nights}/`)];
    return refuse(fixes.copyConfig({ command: commands.join(' && ') }));
  }
  if (!(await isThere(join(packageRoot, 'scripts')))) {
    const command = (await commandsToInstall(setup, me)).join(' && ');
    return refuse(fixes.package({ command }));
  }
  const copy = [
    asRoot('cp', '-aT', packageRoot, own.package),
    asRoot('chown', '-R', 'root:root', own.package),
  ];
  const install = await commandsToInstall(setup, me, join(own.package, 'ocibench'));
  return refuse(fixes.copyCheckout({ command: [...copy, ...install].join(' && ') }));
}

/** Commands that install this timer from a directory that only root can change. */
async function commandsToInstall(
  { directory, program, install }: TimerSetup,
  me: CurrentUser,
  copy?: string,
): Promise<readonly string[]> {
  const last = asRoot(...(copy === undefined ? program : [copy]), ...install);
  if (whyNotOwn(directory, { me }) === null) return [asCommand('cd', directory), last];
  const copied: string[] = [];
  for (const name of configNames) {
    const path = join(directory, name);
    if (await isThere(path)) copied.push(asRoot('cp', path, `${own.nights}/`));
  }
  return [asRoot('mkdir', '-p', own.nights), ...copied, asCommand('cd', own.nights), last];
}

const asCommand = (...words: readonly string[]) => words.map(shellWord).join(' ');
const asRoot = (...words: readonly string[]) =>
  asCommand(...(process.env.SUDO_UID === undefined ? [] : ['sudo']), ...words);
