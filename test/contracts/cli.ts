import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { compileCache } from '../support/compile-cache.ts';

export const root = resolve(import.meta.dirname, '../..');

/** Runs `ocibench` as a user does, in English, without the settings of whoever runs the tests. Does not reject on an exit code. */
export function ocibench(
  args: readonly string[],
  directory: string,
  environment: Record<string, string> = {},
  program = join(root, 'src/cli.ts'),
) {
  return execa(process.execPath, [program, ...args], {
    cwd: directory,
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: directory,
      LC_ALL: 'C.UTF-8',
      NO_COLOR: '1',
      ...compileCache,
      OCIBENCH_STATE: directory,
      OCIBENCH_LOCK: join(directory, 'host.lock'),
      DOCKER_HOST: `unix://${directory}/no-daemon.sock`,
      ...environment,
    },
  });
}
