/** An object whose keys with undefined values are absent. */
type Dropped<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** The object without its keys with undefined values: types and JSON tell them from absent ones. */
export function dropUndefined<T extends object>(values: T): Dropped<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Dropped<T>;
}

/** The same keys, each with its value converted. */
export function mapValues<Key extends string, From, To>(
  map: Readonly<Record<Key, From>>,
  convert: (value: From, key: Key) => To,
): Record<Key, To> {
  const entries = Object.entries(map) as [Key, From][];
  return Object.fromEntries(entries.map(([key, value]) => [key, convert(value, key)])) as Record<Key, To>;
}
