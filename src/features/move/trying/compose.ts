import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { checkValue } from '../../../core/config/zod-problems.ts';
import { runLabel } from '../../../core/engine/labels.ts';
import { external } from '../../../core/messages/compose.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { exitCodes, misuse, OcibenchError, problemOf } from '../../../core/model/failure/error.ts';
import { crowdProblems, crowdsIn } from '../stack/count-services.ts';
import { findStackFiles } from '../stack/found-files.ts';
import { type Stack, stackSchema } from '../stack/stack.ts';
import { type ContainerState, parseJson, statesIn } from './container-state.ts';
import { askMs, type DockerAnswer, type DockerProgram, removeLabelled } from './docker-program.ts';

const text = notices('move', {
  noCompose:
    'Docker Compose 2.20 or newer is needed: {said}\n  fix:  apt-get install docker-cli docker-compose   (Debian), or docs.docker.com/compose/install',
  unreadable: 'the compose file cannot be used',
});

const why = reasons('move', {
  refused: { message: '{said}', fix: 'correct the file; to check it:  docker compose config' },
  notJson: { message: 'docker compose config printed no JSON', fix: 'use Docker Compose 2.20 or newer' },
  slow: {
    message: 'Docker Compose did not read it within {seconds} s',
    fix: 'try parts of the stack, each from a file of its own; to see what takes the time:  docker compose config',
  },
});

/** Longest start of a stack, ms: whoever waits for it ends it sooner. */
const longestMs = 24 * 3_600_000;
/** Compose that prints its configuration as JSON in the form that is read here. */
const oldest = { major: 2, minor: 20 };
/** Lines of a container's log that are kept, and characters of all of them. */
const logEnd = { lines: 20, characters: 4_000, isOfLastStart: false };

const valuesSchema = z.object({
  services: z.object({ values: z.object({ environment: z.record(z.string(), z.string().nullable()) }) }),
});

/** Prefix of the names of our projects: nothing else is ever started or removed. */
export const projectPrefix = 'ocibench-';
/** Label of what belongs to one trial. */
export const trialLabel = `${runLabel}.trial`;

/**
 * The words of `docker` that act on a project of ours. Compose would take its name from COMPOSE_PROJECT_NAME or a file `.env`
 * before that of the compose file, and then `down` would remove what is theirs: the name is given, and no such file is read.
 */
export function projectWords(
  project: string,
  directory: string,
  words: readonly string[],
): readonly string[] {
  if (!project.startsWith(projectPrefix)) throw new Error(`${project} is no project of ocibench`);
  return [
    'compose',
    '--project-name',
    project,
    '--project-directory',
    directory,
    '--env-file',
    '/dev/null',
    '--file',
    '-',
    ...words,
  ];
}

/** Docker's command line, for one engine. Compose reads the file as it does for the user. */
export class Compose {
  readonly #docker: DockerProgram;
  readonly #directory: string;
  readonly #files: readonly string[];

  /** `files`: as for `docker compose -f`, from `directory`. */
  constructor(docker: DockerProgram, directory: string, files: readonly string[]) {
    this.#docker = docker;
    this.#directory = directory;
    this.#files = files;
  }

  /** The version of Compose. OcibenchError (exit 3) where it is missing or too old. */
  async version(): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#docker.run(['compose', 'version', '--short']);
    const version = stdout.trim().replace(/^v/, '');
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (exitCode === 0 && (major > oldest.major || (major === oldest.major && minor >= oldest.minor)))
      return version;
    throw new OcibenchError(text.noCompose({ said: external(stderr.trim() || version) }), {
      exitCode: exitCodes.noEngine,
    });
  }

  /**
   * The stack of the files, or of the directory's, with the services of all profiles. OcibenchError (exit 2) with what Compose says
   * against it.
   */
  async config(): Promise<Stack> {
    const crowded = await crowdsIn(findStackFiles(this.#files, this.#directory, process.env));
    if (crowded.length > 0) throw misuse(text.unreadable, crowded);
    const named = this.#files.flatMap((file) => ['-f', file]);
    const place = { file: this.#files.at(-1) ?? 'compose.yaml', key: '' };
    const words = ['compose', ...named, '--profile', '*', 'config', '--format', 'json'];
    const { exitCode, stdout, stderr } = await this.#docker.run(words, { isOurs: false });
    if (exitCode === null)
      throw misuse(text.unreadable, [problemOf(place, why.slow({ seconds: askMs / 1000 }))]);
    if (exitCode !== 0)
      throw misuse(text.unreadable, [problemOf(place, why.refused({ said: external(stderr.trim()) }))]);
    const value = parseJson(stdout);
    if (value === undefined) throw misuse(text.unreadable, [problemOf(place, why.notJson)]);
    const checked = checkValue(stackSchema, value, place.file);
    if (!checked.ok) throw misuse(text.unreadable, checked.problems);
    const crowds = crowdProblems(place.file, Object.keys(checked.data.services).length);
    if (crowds.length > 0) throw misuse(text.unreadable, crowds);
    return checked.data;
  }

  /** The values of variables as Compose has them for the files, from a file `.env` as well; empty where one is not set. */
  async valuesOf(names: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const environment = Object.fromEntries(names.map((name) => [name, `\${${name}}`]));
    const input = JSON.stringify({ name: 'values', services: { values: { image: 'none', environment } } });
    const words = [
      '--project-directory',
      this.#projectDirectory(),
      '--file',
      '-',
      'config',
      '--format',
      'json',
    ];
    const { stdout } = await this.#docker.run(['compose', ...words], { input, isOurs: false });
    const parsed = valuesSchema.safeParse(parseJson(stdout));
    const found = parsed.success ? parsed.data.services.values.environment : {};
    return Object.fromEntries(names.map((name) => [name, (found[name] ?? '').replaceAll('$$', () => '$')]));
  }

  /**
   * Starts a project, given as the text of its compose file; resolves with what was said against it, or null, also where
   * `signal` ended it.
   */
  async up(
    project: string,
    file: string,
    signal: AbortSignal,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<string | null> {
    const words = projectWords(project, this.#projectDirectory(), ['up', '--detach', '--no-build']);
    const { exitCode, stderr } = await this.#docker.run(words, {
      input: file,
      limitMs: longestMs,
      signal,
      variables,
    });
    return exitCode === 0 || signal.aborted ? null : stderr.trim();
  }

  /** Makes the container of one service more, and does not start it; what was said against it, or null. */
  async create(
    project: string,
    file: string,
    service: string,
    variables: Readonly<Record<string, string>>,
  ): Promise<string | null> {
    const words = projectWords(project, this.#projectDirectory(), [
      'create',
      '--no-build',
      '--no-recreate',
      service,
    ]);
    const { exitCode, stderr } = await this.#docker.run(words, { input: file, variables });
    return exitCode === 0 ? null : stderr.trim();
  }

  /** Starts a container; what was said against it, or null. */
  async start(id: string, signal: AbortSignal): Promise<string | null> {
    const { exitCode, stderr } = await this.#docker.run(['start', id], { signal });
    return exitCode === 0 ? null : stderr.trim();
  }

  /** Waits for the end of a container, at most so long, ms: its exit code, or null. `isKilled`: it is then killed. */
  async wait(id: string, limitMs: number, signal: AbortSignal, isKilled = false): Promise<number | null> {
    const { exitCode, stdout } = await this.#docker.run(['wait', id], { limitMs, signal });
    if (exitCode !== 0 && isKilled) await this.#docker.run(['kill', id]);
    return exitCode === 0 ? Number(stdout.trim()) : null;
  }

  /** Runs a command of the host, without a shell. */
  async hostCommand(words: readonly string[], limitMs: number, signal: AbortSignal): Promise<DockerAnswer> {
    const [program = '', ...others] = words;
    return this.#docker.run(others, { program, limitMs, signal, isOurs: false });
  }

  /** Addresses of containers on their networks, by id; those without one are left out. */
  async addresses(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const format = '{{.Id}}{{range .NetworkSettings.Networks}} {{.IPAddress}}{{end}}';
    const { stdout } = await this.#docker.run(['inspect', '--format', format, ...ids]);
    return new Map(
      stdout.split('\n').flatMap((line) => {
        const [id = '', address = ''] = line.trim().split(' ');
        return address === '' ? [] : [[id, address] as const];
      }),
    );
  }

  /**
   * Removes a project of ours with its volumes, and then what has its label: Compose lists containers once, and only warns of what
   * is still in use. False where something stays.
   */
  async down(project: string, file: string, label: string): Promise<boolean> {
    const words = projectWords(project, this.#projectDirectory(), [
      'down',
      '--volumes',
      '--remove-orphans',
      '--timeout',
      '1',
    ]);
    await this.#docker.run(words, { input: file, limitMs: 4 * askMs });
    return removeLabelled(this.#docker, label);
  }

  /** The containers with this label, by the name of their service; null where they cannot be seen now. */
  async states(label: string): Promise<ReadonlyMap<string, ContainerState> | null> {
    const listed = await this.#docker.run([
      'ps',
      '--all',
      '--quiet',
      '--no-trunc',
      '--filter',
      `label=${label}`,
    ]);
    if (listed.exitCode !== 0) return null;
    const ids = listed.stdout.split('\n').filter((id) => id !== '');
    if (ids.length === 0) return new Map();
    const { exitCode, stdout } = await this.#docker.run(['inspect', ...ids]);
    return exitCode === 0 ? statesIn(stdout) : null;
  }

  /** The end of a container's output. `isOfLastStart`: only what it printed since it was started last. */
  async logs(id: string, { lines, characters, isOfLastStart } = logEnd): Promise<string> {
    const ask = ['inspect', '--format', '{{.State.StartedAt}}', id];
    const since = isOfLastStart ? ['--since', (await this.#docker.run(ask)).stdout.trim()] : [];
    const { stdout, stderr } = await this.#docker.run(['logs', '--tail', String(lines), ...since, id]);
    return `${stdout}\n${stderr}`.trim().slice(-characters);
  }

  /** Which of these images the engine lacks: it is asked for all at once, and for halves where it lacks some of them. */
  async missingImages(images: readonly string[]): Promise<readonly string[]> {
    const all = [...new Set(images)];
    if (all.length === 0) return [];
    const { stdout } = await this.#docker.run(['image', 'inspect', '--format', '{{.Id}}', '--', ...all]);
    const there = stdout.split('\n').filter((line) => line !== '').length;
    if (there === all.length) return [];
    if (there === 0) return all;
    const half = Math.ceil(all.length / 2);
    const first = await this.missingImages(all.slice(0, half));
    return first.concat(await this.missingImages(all.slice(half)));
  }

  /** Where relative paths begin, as for Compose itself. */
  #projectDirectory(): string {
    const [first] = this.#files;
    return first === undefined ? this.#directory : dirname(resolve(this.#directory, first));
  }
}
