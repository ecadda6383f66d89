import { setTimeout as sleep } from 'node:timers/promises';
import { programEnvironment } from '../../../core/programs/environment.ts';
import { execa } from '../../../core/programs/execa.ts';

/** Answer of a program; `exitCode` null where it did not end by itself. */
export interface DockerAnswer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Timeout of calls that only ask, ms. */
export const askMs = 30_000;
/** Largest answer that is read, bytes: a stack of thousands of services. */
const largest = 32 * 1024 * 1024;

/** Variables that choose an engine: DOCKER_HOST does, and what belongs to another address would refuse it. */
const engineVariables = /^DOCKER_(?:HOST|CONTEXT|TLS.*|CERT_PATH|API_VERSION)$/;

/**
 * The environment of what is ours, or of what is the user's: his compose file takes any of his variables, and so does his load.
 * Neither has what chooses another engine.
 */
export function environmentFor(env: NodeJS.ProcessEnv, isOurs: boolean): NodeJS.ProcessEnv {
  const all = Object.entries(isOurs ? programEnvironment(env) : env);
  return { ...Object.fromEntries(all.filter(([name]) => !engineVariables.test(name))), ...local };
}

/** Docker's command line, for one engine, and other programs as it is run: in a process group of their own. */
export class DockerProgram {
  readonly #endpoint: string;
  readonly #directory: string;

  /** `endpoint`: address of the engine, for DOCKER_HOST. */
  constructor(endpoint: string, directory: string) {
    this.#endpoint = endpoint;
    this.#directory = directory;
  }

  async run(words: readonly string[], options: RunOptions = {}): Promise<DockerAnswer> {
    const { limitMs = askMs, signal, input, isOurs = true, variables = {}, program = 'docker' } = options;
    const child = execa(program, [...words], {
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

/** Compose would start git with the variables of a `.env` for a file that includes one of another host. */
const local = { COMPOSE_EXPERIMENTAL_GIT_REMOTE: 'false', COMPOSE_EXPERIMENTAL_OCI_REMOTE: 'false' };
/** Texts without colours and hints. */
const quietly = { COMPOSE_ANSI: 'never', COMPOSE_PROGRESS: 'plain', DOCKER_CLI_HINTS: 'false' };

interface RunOptions {
  /** Default: docker. */
  readonly program?: string;
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
  readonly input?: string;
  /** Does it act on what is ours? Then no variable changes Compose. */
  readonly isOurs?: boolean;
  /** Further variables, by names of ours: a stack could choose one that makes a program run its code. */
  readonly variables?: Readonly<Record<string, string>>;
}

interface Child {
  readonly pid?: number | undefined;
  readonly stdout: { destroy(): unknown };
  readonly stderr: { destroy(): unknown };
}

/** Longest time of a timer, ms: Node takes a longer one as 1 ms. */
const longestTimer = 2 ** 31 - 1;
/** Time to end well after SIGTERM, ms. */
const graceMs = 5_000;

/**
 * Ends a child after a time, or at a signal, with its whole process group: docker does not hand signals on to Compose, which
 * would keep its output open, and what waits for that would never end.
 */
function endsGroup(child: Child, limitMs: number, signal: AbortSignal | undefined): Disposable {
  const kill = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // It has ended.
    }
  };
  const timers: NodeJS.Timeout[] = [];
  const end = () => {
    kill('SIGTERM');
    timers.push(
      setTimeout(() => {
        kill('SIGKILL');
        child.stdout.destroy();
        child.stderr.destroy();
      }, graceMs),
    );
  };
  timers.push(setTimeout(end, Math.min(limitMs, longestTimer)));
  if (signal?.aborted === true) end();
  else signal?.addEventListener('abort', end, { once: true });
  return {
    [Symbol.dispose]() {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    },
  };
}

/** How often it is tried to remove what has a label, and the pause between, ms. */
const removalTries = 20;
const removalPauseMs = 500;
/** Time for one kind of things, ms: volumes may hold millions of files. */
const removalMs = 120_000;

/** Removes what has the label, which is one of ours: containers, networks, volumes. False where something stays. */
export async function removeLabelled(docker: DockerProgram, label: string): Promise<boolean> {
  for (let tries = 0; tries < removalTries; tries++) {
    if (await isGone(docker, label)) return true;
    await sleep(removalPauseMs);
  }
  return false;
}

/** Removes what has the label; was there nothing any more? */
async function isGone(docker: DockerProgram, label: string): Promise<boolean> {
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
  let wasGone = true;
  for (const [list, remove] of kinds) {
    const { exitCode, stdout } = await docker.run(list);
    const found = stdout.split('\n').filter((id) => id !== '');
    if (exitCode !== 0 || found.length > 0) wasGone = false;
    if (found.length > 0) await docker.run([...remove, ...found], { limitMs: removalMs });
  }
  return wasGone;
}
