import { readdir, realpath } from 'node:fs/promises';
import * as z from 'zod';
import { external } from '../../../core/messages/compose.ts';
import { type Reason, reasons } from '../../../core/messages/define.ts';
import { parseJson } from '../trying/container-state.ts';
import type { DockerProgram } from '../trying/docker-program.ts';

const why = reasons('move.data', {
  notMade: {
    message: 'Docker could not create a volume for the copies: {said}',
    fix: 'see what  docker volume create  says, or try without --with-data',
  },
  notHere: {
    message: 'the volumes of this Docker cannot be seen from here: {path} is not an empty directory',
    fix: 'run ocibench where dockerd runs, or try without --with-data',
  },
});

/** What the engine says of a volume. */
export interface VolumeFacts {
  readonly driver: string;
  /** Names of its options. */
  readonly options: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Its directory, as the engine sees it. */
  readonly mountpoint: string;
}

const volumeSchema = z.looseObject({
  Driver: z.string(),
  Mountpoint: z.string(),
  Options: z.record(z.string(), z.string()).nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
});
const mountsSchema = z.array(z.looseObject({ Source: z.string().optional(), RW: z.boolean().optional() }));

/** Names that the engine takes; others are never handed to it. */
const volumeName = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** Volumes of an engine. */
export class Volumes {
  readonly #docker: DockerProgram;

  constructor(docker: DockerProgram) {
    this.#docker = docker;
  }

  /** A volume; null where there is none of this name. */
  async inspect(name: string): Promise<VolumeFacts | null> {
    if (!volumeName.test(name)) return null;
    const words = ['volume', 'inspect', '--format', '{{json .}}', name];
    const { exitCode, stdout } = await this.#docker.run(words);
    const found = exitCode === 0 ? volumeSchema.safeParse(parseJson(stdout)).data : undefined;
    if (found === undefined) return null;
    const { Driver: driver, Mountpoint: mountpoint, Options: options, Labels: labels } = found;
    return { driver, mountpoint, options: Object.keys(options ?? {}), labels: labels ?? {} };
  }

  /**
   * Makes a volume; its directory, or why it cannot be used. Docker answers with a volume that is there already in the same way:
   * only one with all of these labels, with nothing in it, is ours.
   */
  async create(
    name: string,
    labels: Readonly<Record<string, string>>,
  ): Promise<{ readonly path: string } | { readonly refused: Reason }> {
    const given = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
    const { stderr } = await this.#docker.run(['volume', 'create', ...given, name]);
    const made = await this.inspect(name);
    const isOurs =
      made?.driver === 'local' &&
      made.options.length === 0 &&
      Object.entries(labels).every(([key, value]) => made.labels[key] === value);
    if (!isOurs) return { refused: why.notMade({ said: external(stderr.trim() || name) }) };
    const inside = await readdir(made.mountpoint).catch(() => null);
    return inside?.length === 0
      ? { path: made.mountpoint }
      : { refused: why.notHere({ path: external(made.mountpoint) }) };
  }

  /** Directories of this host that running containers can write to. */
  async writtenPaths(): Promise<readonly string[]> {
    const ids = (await this.#docker.run(['ps', '--quiet', '--no-trunc'])).stdout
      .split('\n')
      .filter((id) => id !== '');
    if (ids.length === 0) return [];
    const { stdout } = await this.#docker.run(['inspect', '--format', '{{json .Mounts}}', ...ids]);
    const sources = stdout
      .split('\n')
      .flatMap((line) => mountsSchema.safeParse(parseJson(line)).data ?? [])
      .flatMap(({ Source: source, RW: isWritable }) =>
        isWritable === true && source !== undefined && source !== '' ? [source] : [],
      );
    // Docker has paths as they were given; those of the stack are without links.
    return Promise.all(sources.map((source) => realpath(source).catch(() => source)));
  }
}
