import { type SpawnOptions, spawn as spawnProgram } from 'node:child_process';
import { programEnvironment } from './environment.ts';

/** spawn of node:child_process; without `env` the program gets {@link programEnvironment}. */
export const spawn = ((file: string, args: readonly string[], options: SpawnOptions = {}) =>
  spawnProgram(file, args, { ...options, env: options.env ?? programEnvironment() })) as typeof spawnProgram;
