import { messages, notices } from '../../src/core/messages/define.ts';
import type { Message } from '../../src/core/messages/message.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { MountRequest, Workload } from '../../src/core/model/workload/workload.ts';

const withinSays = notices('tool.within', {
  impossible: '{what} is {value}, which cannot be',
});

/**
 * The number, if it lies between the bounds (both inclusive); only a broken tool or clock exceeds them. ParseError
 * otherwise.
 */
export function within(
  what: Message | string,
  value: number,
  [low, high]: readonly [number, number],
): number {
  if (!(value >= low && value <= high)) throw new ParseError(withinSays.impossible({ what, value }));
  return value;
}

/** The end of the last line of the text, short enough for a ParseError; escapes lengthen it up to six times. */
export function quoted(text: string): string {
  return JSON.stringify((text.trim().split('\n').at(-1) ?? '').slice(-120));
}

const words = messages('tool.window', {
  stampedTime: 'the time between the stamps in ns',
});

const windowSays = notices('tool.window', {
  missing: 'the trial has no stamped window',
});

/**
 * Duration of the stamped work by the container's clock, ns: for tools that time nothing themselves. The host's view of
 * the same interval is blurred by the latency of the stamps. A trial whose clocks disagree is flagged. ParseError where
 * the container did not stamp, or stamped less than 0.1 ms (no program can start in that time) or more than an hour.
 */
export function windowNs({ window }: Pick<Evidence, 'window'>): number {
  if (window === null) throw new ParseError(windowSays.missing);
  return within(words.stampedTime, window.containerNs, [1e5, 3.6e12]);
}

const says = notices('tool.task', {
  otherOutput: 'the program printed {output}, not {wanted}',
});

/** Work of a known size with a known answer. */
export interface Task {
  /** Bash script that prepares the task, and defines the command if that is a function. */
  readonly before?: string;
  /** Bash script that prints what proves the work, after the last stamp. */
  readonly after?: string;
  readonly command: readonly string[];
  /** Its complete output, with a result that only the whole work can give. */
  readonly printed: string;
  /** Units of work between the stamps. */
  readonly units: number;
  /** Size of a tmpfs at {@link scratch}, bytes; none when absent. */
  readonly scratchBytes?: number;
}

/** The specific part of such a workload; the rest is common. */
export interface TaskWorkload extends Pick<Workload, 'image' | 'title' | 'description'> {
  readonly id: `app/${string}` | `agent/${string}`;
  readonly parameters?: Workload['parameters'];
  /** Parameter sets of the preset `full`; absent: one set without parameters. */
  readonly full?: readonly Params[];
  /** Parameter sets of the preset `capacity`; absent: it has none. */
  readonly capacity?: readonly Params[];
  /** Parameter sets of the preset `sandbox`; absent: it has none. */
  readonly sandbox?: readonly Params[];
  task(params: Params): Task;
}

/** Directory for a task's writes. Not on the root file system, whose writes gVisor keeps inside the sandbox. */
export const scratch = '/scratch';

function mountsOf({ scratchBytes }: Pick<Task, 'scratchBytes'>): {
  readonly mounts?: readonly MountRequest[];
} {
  return scratchBytes === undefined
    ? {}
    : { mounts: [{ type: 'tmpfs', target: scratch, bytes: scratchBytes }] };
}

/** A workload that is timed by its stamps and checked by its output. */
export function taskWorkload({
  parameters = {},
  full = [{}],
  capacity = [],
  sandbox = [],
  task,
  ...own
}: TaskWorkload): Workload {
  return {
    ...own,
    category: own.id.startsWith('app/') ? 'app' : 'agent',
    parameters,
    presets: { quick: [], standard: [], full, capacity, sandbox },
    metrics: [
      {
        id: 'task.time',
        unit: 'ns',
        better: 'lower',
        description: "time between the stamps over the units of work, the container's clock",
      },
    ],
    precision: 0.05,
    observe: { kind: 'series' },
    container(params) {
      const { command, before, after, ...rest } = task(params);
      // The shell ends with the program's exit code, after the trap.
      const trap = after === undefined ? [] : [`after() {\n${after}\n}\ntrap after EXIT`];
      const script = [...(before === undefined ? [] : [before]), ...trap].join('\n');
      return {
        command: stamped(command, script === '' ? {} : { before: script }),
        ...mountsOf(rest),
        stamped: true,
        timeoutMs: 120_000,
      };
    },
    parse(evidence, params) {
      const { printed, units } = task(params);
      if (evidence.stdout !== printed)
        throw new ParseError(says.otherOutput({ output: quoted(evidence.stdout), wanted: quoted(printed) }));
      return [
        { metric: 'task.time', unit: 'ns', better: 'lower', value: windowNs(evidence) / units },
        { metric: 'work.units', unit: 'count', better: 'neither', value: units },
      ];
    },
  };
}
