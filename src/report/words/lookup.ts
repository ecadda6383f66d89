/** Looks a word up by a name that comes from a record. */
export function lookup<T>(words: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
