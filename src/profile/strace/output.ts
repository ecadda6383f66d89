/** One row of strace's table. */
export interface StraceRow {
  readonly name: string;
  readonly calls: number;
}

/** `% time  seconds  usecs/call  calls  [errors]  syscall` */
const row = /^\s*\d+\.\d+\s+\d+\.\d+\s+\d+\s+(\d+)\s+(?:\d+\s+)?([a-z0-9_]{1,64})$/;
const otherLines = /^(?:\s*|%\s*time.*|[-\s]+|.*\btotal)$/;

/** Parse the table of `strace -c`. Throws RangeError for a line of another form. */
export function straceRows(text: string): readonly StraceRow[] {
  return text.split('\n').flatMap((line) => {
    if (otherLines.test(line)) return [];
    const found = row.exec(line);
    if (found === null) throw new RangeError(`strace printed no row: ${line.slice(0, 200)}`);
    const [, calls, name = ''] = found;
    return [{ name, calls: Number(calls) }];
  });
}
