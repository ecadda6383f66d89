import { type Options, execa as startProgram } from 'execa';
import { programEnvironment } from './environment.ts';

/** execa; the program gets {@link programEnvironment} and `env`, or `env` alone with `extendEnv: false`. */
export const execa = ((file: string, args: readonly string[], options: Options = {}) => {
  const inherited = options.extendEnv === false ? {} : programEnvironment();
  return startProgram(file, args, { ...options, extendEnv: false, env: { ...inherited, ...options.env } });
}) as unknown as typeof startProgram;
