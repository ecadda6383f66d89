import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import * as z from 'zod';
import { checkValue } from '../../../core/config/zod-problems.ts';
import { external } from '../../../core/messages/compose.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { exitCodes, misuse, OcibenchError, problemOf } from '../../../core/model/error.ts';
import { type Stack, stackSchema } from '../stack/stack.ts';
import { endsGroup } from './child-group.ts';
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
/** How often it is tried to remove what has a label, and the pause between, ms. */
const removalTries = 20;
const removalPauseMs = 500;
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

const valuesSchema = z.object({
  services: z.object({ values: z.object({ environment: z.record(z.string(), z.string().nullable()) }) }),
});

/** undefined where the text is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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

/** Variables that choose an engine: DOCKER_HOST does, and what belongs to another address would refuse it. */
const engineVariables = /^DOCKER_(?:HOST|CONTEXT|TLS.*|CERT_PATH|API_VERSION)$/;

/** An environment without what chooses another engine, and, for what is ours, what changes Compose. */
export function environmentFor(env: NodeJS.ProcessEnv, isOurs: boolean): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !engineVariables.test(name) && !(isOurs && name.startsWith('COMPOSE_')),
    ),
  );
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
    const words = ['compose', ...named, 'config', '--format', 'json'];
    const { exitCode, stdout, stderr } = await this.#run(words, { isOurs: false });
    if (exitCode !== 0)
      throw misuse(text.unreadable, [problemOf(place, why.refused({ said: external(stderr.trim()) }))]);
    const value = jsonOf(stdout);
    if (value === undefined) throw misuse(text.unreadable, [problemOf(place, why.notJson)]);
    const checked = checkValue(stackSchema, value, place.file);
    if (!checked.ok) throw misuse(text.unreadable, checked.problems);
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
    const { stdout } = await this.#run(['compose', ...words], { input, isOurs: false });
    const parsed = valuesSchema.safeParse(jsonOf(stdout));
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
    const { exitCode, stderr } = await this.#run(words, {
      input: file,
      limitMs: longestMs,
      signal,
      variables,
    });
    return exitCode === 0 || signal.aborted ? null : stderr.trim();
  }

  /**
   * Removes a project of ours with its volumes, and then what has its label: Compose lists containers once, and only warns of what
   * is still in use. False where something stays.
   */
  async down(project: string, file: string, label: string): Promise<boolean> {
    const words = projectWords(project, this.#projectDirectory(), [
      ...['down', '--volumes', '--remove-orphans', '--timeout', '1'],
    ]);
    await this.#run(words, { input: file, limitMs: 4 * askMs });
    for (let tries = 0; tries < removalTries; tries++) {
      if (await this.#isGone(label)) return true;
      await sleep(removalPauseMs);
    }
    return false;
  }

  /** Removes what has the label; is there nothing any more? */
  async #isGone(label: string): Promise<boolean> {
    const filter = ['--quiet', '--filter', `label=${label}`];
    const kinds = [
      [
        ['ps', '--all', ...filter],
        ['rm', '--force', '--volumes'],
      ],
      [
        ['network', 'ls', ...filter],
        ['network', 'rm'],
      ],
      [
        ['volume', 'ls', ...filter],
        ['volume', 'rm'],
      ],
    ] as const;
    let isGone = true;
    for (const [list, remove] of kinds) {
      const { exitCode, stdout } = await this.#run(list);
      const found = stdout.split('\n').filter((id) => id !== '');
      if (exitCode !== 0 || found.length > 0) isGone = false;
      if (found.length > 0) await this.#run([...remove, ...found]);
    }
    return isGone;
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
    const { limitMs = askMs, signal, input, isOurs = true, variables = {} } = options;
    const child = execa('docker', [...words], {
      cwd: this.#directory,
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
      // Ctrl-C at the terminal is for ocibench, which removes what it started.
      detached: true,
      extendEnv: false,
      env: { ...environmentFor(process.env, isOurs), ...quietly, ...variables, DOCKER_HOST: this.#endpoint },
      reject: false,
      maxBuffer: largest,
    });
    using _ending = endsGroup(child, limitMs, signal);
    const { exitCode, stdout, stderr, shortMessage = '' } = await child;
    return {
      exitCode: exitCode ?? null,
      stdout: String(stdout ?? ''),
      stderr: String(stderr ?? '') || (exitCode === undefined ? shortMessage : ''),
    };
  }
}

/** Texts without colours and hints. */
const quietly = { COMPOSE_ANSI: 'never', COMPOSE_PROGRESS: 'plain', DOCKER_CLI_HINTS: 'false' };

interface RunOptions {
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
  readonly input?: string;
  /** Does it act on what is ours? Then no variable changes Compose. */
  readonly isOurs?: boolean;
  /** Further variables. */
  readonly variables?: Readonly<Record<string, string>>;
}
