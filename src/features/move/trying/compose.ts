import { execa } from 'execa';
import { checkValue } from '../../../core/config/zod-problems.ts';
import { external } from '../../../core/messages/compose.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { exitCodes, misuse, OcibenchError, problemOf } from '../../../core/model/error.ts';
import { type Stack, stackSchema } from '../stack/stack.ts';
import { type ContainerState, statesIn } from './container-state.ts';

const text = notices('move', {
  noCompose:
    'docker compose is needed, version 2 or newer, and does not answer: {said}\n  what would help:  apt-get install docker-cli docker-compose   (Debian), or docs.docker.com/compose/install',
  unreadable: 'the compose file cannot be used',
  noAnswer: 'docker {command} gave no answer: {said}',
});
const why = reasons('move', {
  refused: { message: '{said}', fix: 'docker compose config   says the same; correct the file' },
  notJson: { message: 'docker compose config printed no JSON', fix: 'use Docker Compose 2.20 or newer' },
});

/** Timeout of calls that only ask, ms. */
const askMs = 30_000;
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

/** Docker's command line, for one engine. Compose is used as the user uses it: what it does, it does for them too. */
export class Compose {
  readonly #env: Readonly<Record<string, string>>;
  readonly #directory: string;

  /** `endpoint`: address of the engine, for DOCKER_HOST; `directory`: where relative paths of a stack begin. */
  constructor(endpoint: string, directory: string) {
    this.#directory = directory;
    this.#env = {
      DOCKER_HOST: endpoint,
      COMPOSE_ANSI: 'never',
      COMPOSE_PROGRESS: 'plain',
      DOCKER_CLI_HINTS: 'false',
    };
  }

  /** The version of Compose. OcibenchError (exit 3) where it is missing. */
  async version(): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#run(['compose', 'version', '--short']);
    if (exitCode === 0) return stdout.trim();
    throw new OcibenchError(text.noCompose({ said: external(stderr.trim()) }), {
      exitCode: exitCodes.noEngine,
    });
  }

  /** The stack of these files, or of the directory's. OcibenchError (exit 2) with what Compose says against it. */
  async config(files: readonly string[]): Promise<Stack> {
    const named = files.flatMap((file) => ['-f', file]);
    const place = { file: files.at(-1) ?? 'compose.yaml', key: '' };
    const { exitCode, stdout, stderr } = await this.#run([
      ...['compose', ...named, '--profile', '*', 'config', '--format', 'json'],
    ]);
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
   * Starts a project, given as the text of its compose file; resolves with what was said against it, or null. Ends early where
   * `signal` says so.
   */
  async up(file: string, limitMs: number, signal: AbortSignal): Promise<string | null> {
    const words = ['compose', '--file', '-', 'up', '--detach', '--no-build'];
    const { exitCode, stderr } = await this.#run(words, { input: file, limitMs, signal });
    return exitCode === 0 ? null : stderr.trim();
  }

  /** Removes a project of ours with its volumes. */
  async down(file: string): Promise<void> {
    // The file is ours: with one of theirs, Compose would take the volumes that it names for this project's.
    const words = ['compose', '--file', '-', 'down', '--volumes', '--remove-orphans', '--timeout', '1'];
    await this.#run(words, { input: file, limitMs: 2 * askMs });
  }

  /** The containers with this label, by the name of their service. */
  async states(label: string): Promise<ReadonlyMap<string, ContainerState>> {
    const listed = await this.#ask(['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`]);
    const ids = listed.split('\n').filter((id) => id !== '');
    if (ids.length === 0) return new Map();
    // One that was removed meanwhile makes inspect fail, and it still prints the others.
    return statesIn((await this.#run(['inspect', ...ids])).stdout);
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

  async #ask(words: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#run(words);
    if (exitCode === 0) return stdout;
    throw new OcibenchError(text.noAnswer({ command: words[0] ?? '', said: external(stderr.trim()) }), {
      exitCode: exitCodes.noEngine,
    });
  }

  async #run(words: readonly string[], options: RunOptions = {}): Promise<Answer> {
    const { limitMs = askMs, signal, input } = options;
    const result = await execa('docker', [...words], {
      cwd: this.#directory,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
      env: this.#env,
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

interface RunOptions {
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
  readonly input?: string;
}
