import { callOfTracepoint } from '../../../../core/syscalls/call-names.ts';

/** What `perf stat` counted. */
export interface PerfCounts {
  /** System call → how often. */
  readonly calls: ReadonlyMap<string, number>;
  /** Any other event → how often. */
  readonly events: ReadonlyMap<string, number>;
}

const enter = /^syscalls:sys_enter_([a-z0-9_]{1,64})$/;
const event = /^(?:[a-z_]{1,32}:)?[a-z][a-z0-9_-]{1,63}$/;

/**
 * Parse the lines of `perf stat -x,`: value, unit, event (perf-stat(1), "CSV FORMAT"). `<not counted>` is an event that
 * no task was there for, hence 0. Throws RangeError for a value or an event of another form.
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
