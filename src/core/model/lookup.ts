/**
 * The value of a name from outside in a record. A record inherits names that nobody put there: `record[name]` is a function for
 * `constructor`, and `name in record` holds.
 */
export function lookup<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
