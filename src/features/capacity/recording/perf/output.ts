import { callOfTracepoint } from '../../../../core/syscalls/call-names.ts';

/** Counts of `perf stat`. */
export interface PerfCounts {
  /** System call → count. */
  readonly calls: ReadonlyMap<string, number>;
  /** Other event → count. */
  readonly events: ReadonlyMap<string, number>;
}

const enter = /^syscalls:sys_enter_([a-z0-9_]{1,64})$/;
const event = /^(?:[a-z_]{1,32}:)?[a-z][a-z0-9_-]{1,63}$/;

/**
 * Parses the lines of `perf stat -x,`: value, unit, event (perf-stat(1), "CSV FORMAT"). `<not counted>` means that no task ran
 * during the event, hence 0. Throws RangeError for an unknown value or event.
 */
export function perfCounts(text: string): PerfCounts {
  const calls = new Map<string, number>();
  const events = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [value = '', , name = ''] = line.split(',');
    if (!event.test(name)) throw new RangeError(`perf stat printed no event: ${line.slice(0, 200)}`);
    if (value === '<not supported>') continue;
    const count = value === '<not counted>' ? 0 : /^\d{1,20}$/.test(value) ? Number(value) : null;
    if (count === null) throw new RangeError(`perf stat printed no count: ${line.slice(0, 200)}`);
    const call = enter.exec(name)?.[1];
    if (call === undefined) events.set(name, (events.get(name) ?? 0) + count);
    else {
      const known = callOfTracepoint(call);
      calls.set(known, (calls.get(known) ?? 0) + count);
    }
  }
  return { calls, events };
}
