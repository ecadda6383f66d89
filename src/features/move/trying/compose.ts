import { dirname, resolve } from 'node:path';
import { execa } from 'execa';
import { checkValue } from '../../../core/config/zod-problems.ts';
import { external } from '../../../core/messages/compose.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { exitCodes, misuse, OcibenchError, problemOf } from '../../../core/model/error.ts';
import { type Stack, stackSchema } from '../stack/stack.ts';
import { type ContainerState, statesIn } from './container-state.ts';

const text = notices('move', {
  noCompose:
    'docker compose 2.20 or newer is needed: {said}\n  what would help:  apt-get install docker-cli docker-compose   (Debian), or docs.docker.com/compose/install',
  unreadable: 'the compose file cannot be used',
});
const why = reasons('move', {
  refused: { message: '{said}', fix: 'docker compose config   says the same; correct the file' },
  notJson: { message: 'docker compose config printed no JSON', fix: 'use Docker Compose 2.20 or newer' },
});

/** Timeout of calls that only ask, ms. */
const askMs = 30_000;
/** Longest start of a stack, ms: whoever waits for it ends it sooner. */
const longestMs = 24 * 3_600_000;
/** Compose that prints its configuration as JSON in the form that is read here. */
const oldest = { major: 2, minor: 20 };
/** Largest answer that is read, bytes: a stack of thousands of services. */
const largest = 32 * 1024 * 1024;
/** Lines of a container's log that are kept, and characters of all of them. */
const logLines = 20;
const logCharacters = 4_000;

/** Answer of a program; `exitCode` null where it did not end by itself. */
interface Answer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Prefix of the names of our projects: nothing else is ever started or removed. */
export const projectPrefix = 'ocibench-';

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
    ...['compose', '--project-name', project, '--project-directory', directory],
    ...['--env-file', '/dev/null', '--file', '-', ...words],
  ];
}

/** An environment without what changes Compose. */
export function withoutComposeVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('COMPOSE_')));
}

/** Docker's command line, for one engine. Compose reads the file as it does for the user. */
export class Compose {
  readonly #endpoint: string;
  readonly #directory: string;
  readonly #files: readonly string[];

  /** `endpoint`: address of the engine, for DOCKER_HOST; `files`: as for `docker compose -f`, from `directory`. */
  constructor(endpoint: string, directory: string, files: readonly string[]) {
    this.#endpoint = endpoint;
    this.#directory = directory;
    this.#files = files;
  }

  /** The version of Compose. OcibenchError (exit 3) where it is missing or too old. */
  async version(): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#run(['compose', 'version', '--short']);
    const version = stdout.trim().replace(/^v/, '');
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (exitCode === 0 && (major > oldest.major || (major === oldest.major && minor >= oldest.minor)))
      return version;
    throw new OcibenchError(text.noCompose({ said: external(stderr.trim() || version) }), {
      exitCode: exitCodes.noEngine,
    });
  }

  /** The stack of the files, or of the directory's. OcibenchError (exit 2) with what Compose says against it. */
  async config(): Promise<Stack> {
    const named = this.#files.flatMap((file) => ['-f', file]);
    const place = { file: this.#files.at(-1) ?? 'compose.yaml', key: '' };
    const words = ['compose', ...named, '--profile', '*', 'config', '--format', 'json'];
    const { exitCode, stdout, stderr } = await this.#run(words, { env: process.env });
    if (exitCode !== 0)
      throw misuse(text.unreadable, [problemOf(place, why.refused({ said: external(stderr.trim()) }))]);
    const value = ((): unknown => {
      try {
        return JSON.parse(stdout);
      } catch {
        throw misuse(text.unreadable, [problemOf(place, why.notJson)]);
      }
    })();
    const checked = checkValue(stackSchema, value, place.file);
    if (!checked.ok) throw misuse(text.unreadable, checked.problems);
    return checked.data;
  }

  /**
   * Starts a project, given as the text of its compose file; resolves with what was said against it, or null, also where
   * `signal` ended it.
   */
  async up(project: string, file: string, signal: AbortSignal): Promise<string | null> {
    const words = projectWords(project, this.#projectDirectory(), ['up', '--detach', '--no-build']);
    const { exitCode, stderr } = await this.#run(words, { input: file, limitMs: longestMs, signal });
    return exitCode === 0 || signal.aborted ? null : stderr.trim();
  }

  /** Removes a project of ours with its volumes; false where something stays. */
  async down(project: string, file: string): Promise<boolean> {
    const words = projectWords(project, this.#projectDirectory(), [
      ...['down', '--volumes', '--remove-orphans', '--timeout', '1'],
    ]);
    for (let tries = 0; tries < 3; tries++)
      if ((await this.#run(words, { input: file, limitMs: 4 * askMs })).exitCode === 0) return true;
    return false;
  }

  /** The containers with this label, by the name of their service; null where they cannot be seen now. */
  async states(label: string): Promise<ReadonlyMap<string, ContainerState> | null> {
    const listed = await this.#run(['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`]);
    if (listed.exitCode !== 0) return null;
    const ids = listed.stdout.split('\n').filter((id) => id !== '');
    if (ids.length === 0) return new Map();
    const { exitCode, stdout } = await this.#run(['inspect', ...ids]);
    return exitCode === 0 ? statesIn(stdout) : null;
  }

  /** The end of a container's output. */
  async logs(id: string): Promise<string> {
    const { stdout, stderr } = await this.#run(['logs', '--tail', String(logLines), id]);
    return `${stdout}\n${stderr}`.trim().slice(-logCharacters);
  }

  /** Which of these images the engine lacks. */
  async missingImages(images: readonly string[]): Promise<readonly string[]> {
    const missing: string[] = [];
    for (const image of new Set(images)) {
      const { exitCode } = await this.#run(['image', 'inspect', '--format', '{{.Id}}', image]);
      if (exitCode !== 0) missing.push(image);
    }
    return missing;
  }

  /** Where relative paths begin, as for Compose itself. */
  #projectDirectory(): string {
    const [first] = this.#files;
    return first === undefined ? this.#directory : dirname(resolve(this.#directory, first));
  }

  async #run(words: readonly string[], options: RunOptions = {}): Promise<Answer> {
    const { limitMs = askMs, signal, input, env = withoutComposeVariables(process.env) } = options;
    const result = await execa('docker', [...words], {
      cwd: this.#directory,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
      // Ctrl-C at the terminal is for ocibench, which removes what it started.
      detached: true,
      extendEnv: false,
      env: { ...env, ...quietly, DOCKER_HOST: this.#endpoint },
      reject: false,
      timeout: limitMs,
      maxBuffer: largest,
    });
    const { exitCode, stdout, stderr } = result;
    return {
      exitCode: exitCode ?? null,
      stdout: String(stdout ?? ''),
      stderr: String(stderr ?? '') || (exitCode === undefined ? (result.shortMessage ?? '') : ''),
    };
  }
}

/** Texts without colours and hints. */
const quietly = { COMPOSE_ANSI: 'never', COMPOSE_PROGRESS: 'plain', DOCKER_CLI_HINTS: 'false' };

interface RunOptions {
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
}
