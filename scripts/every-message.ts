import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { allDefinitions, type Definition } from '../src/core/messages/registry.ts';

/** These start something when they are imported, and define no message. */
const programs = /^src\/(cli\.ts|cli\/main\.ts|(?:.*\/)?page\/.*|.*-thread\.ts)$/;

/** Every message there is: importing a module defines those it says. */
export async function everyMessage(): Promise<ReadonlyMap<string, Definition>> {
  const root = resolve(import.meta.dirname, '..');
  const files = globSync('{src,workloads}/**/*.ts', { cwd: root }).filter((name) => !programs.test(name));
  for (const file of files.sort()) await import(join(root, file));
  return allDefinitions();
}
