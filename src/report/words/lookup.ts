/** Looks up a word by a name from a record; ignores inherited properties. */
export function lookup<T>(words: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
