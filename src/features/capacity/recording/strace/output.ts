/** One row of strace's table. */
export interface StraceRow {
  readonly name: string;
  readonly calls: number;
}

/** `% time  seconds  usecs/call  calls  [errors]  syscall` */
const row = /^\s*\d+\.\d+\s+\d+\.\d+\s+\d+\s+(\d+)\s+(?:\d+\s+)?([a-z0-9_]{1,64})$/;
const otherLines =
  /^(?:\s*|%\s*time.*|[-\s]+|.*\btotal|System call usage summary for .{1,20} mode:|(?:\d+\s+)?\[ Process PID=\d+ runs in \d+ bit mode\. \])$/;

/** Parses the tables of `strace -c`, one per ABI. Throws RangeError for an unknown line. */
export function straceRows(text: string): readonly StraceRow[] {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (otherLines.test(line)) continue;
    const found = row.exec(line);
    if (found === null) throw new RangeError(`strace printed no row: ${line.slice(0, 200)}`);
    const [, calls, name = ''] = found;
    sums.set(name, (sums.get(name) ?? 0) + Number(calls));
  }
  return [...sums].map(([name, calls]) => ({ name, calls }));
}
