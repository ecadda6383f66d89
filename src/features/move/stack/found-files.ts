import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { otherHandIn } from '../../../core/files/walk.ts';
import { shellWord } from '../../../core/messages/command.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { misuse, problemOf } from '../../../core/model/failure/error.ts';

const text = notices('move.found', { title: 'what Compose finds here may be of another user' });
const why = reasons('move.found', {
  stack: { message: '{found}', fix: 'read it; to use it, name it as an argument:  {path}' },
  variables: { message: '{found}', fix: 'read it; to use it, name it:  COMPOSE_ENV_FILES={path}' },
});

/** Names by which Compose finds a stack, and what it then adds to it. */
const names = ['compose', 'docker-compose'].flatMap((name) =>
  ['', '.override'].flatMap((kind) => ['yaml', 'yml'].map((ending) => `${name}${kind}.${ending}`)),
);

/**
 * OcibenchError (exit 2) where Compose would read a file that nobody named, and that another user than root and this one may have
 * written: the stack of the directory or of one above it, or the variables (`.env`) beside a stack or here. `files`: as named.
 */
export async function refuseForeignFiles(
  files: readonly string[],
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const named = namedFiles(files, env);
  const place = named[0] === undefined ? placeOfStack(directory) : dirname(resolve(directory, named[0]));
  const stacks = named.length === 0 ? findStackFiles(files, directory, env) : [];
  const isNamed = (env.COMPOSE_ENV_FILES ?? '') !== '' || env.COMPOSE_DISABLE_ENV_FILE === 'true';
  const variables = isNamed ? [] : [...new Set([place, directory])].map((each) => join(each, '.env'));
  const problems = [];
  for (const path of [...stacks, ...variables].filter(existsSync)) {
    const real = await realpath(path);
    const found = await otherHandIn([dirname(path), dirname(real), real]);
    const reason = stacks.includes(path) ? why.stack : why.variables;
    if (found !== null) problems.push(problemOf(path, reason({ found, path: shellWord(path) })));
  }
  if (problems.length > 0) throw misuse(text.title, problems);
}

const namedFiles = (files: readonly string[], env: NodeJS.ProcessEnv) =>
  files.length > 0 ? files : (env.COMPOSE_FILE ?? '').split(':').filter((file) => file !== '');

/** The files that Compose reads: those that are named, or all that may be the stack of a directory, whether they exist or not. */
export function findStackFiles(
  files: readonly string[],
  directory: string,
  env: NodeJS.ProcessEnv,
): readonly string[] {
  const named = namedFiles(files, env);
  if (named.length > 0) return named.map((file) => resolve(directory, file));
  const place = placeOfStack(directory);
  return names.map((name) => join(place, name));
}

/** The nearest directory, upwards, with a stack; the directory itself where there is none. */
function placeOfStack(directory: string): string {
  for (let at = directory; ; at = dirname(at)) {
    if (names.some((name) => existsSync(join(at, name)))) return at;
    if (at === dirname(at)) return directory;
  }
}
