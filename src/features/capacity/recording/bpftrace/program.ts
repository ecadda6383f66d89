import { type CallNames, numberLimit } from '../../../../core/syscalls/call-names.ts';
import { byteCalls, endlessCalls } from '../names/call-classes.ts';

/** How a task's cgroup is found, and what of the kernel's structures this kernel has. */
export interface KernelShape {
  /** Position of a v1 controller among all (`/proc/cgroups`, from 0); null: the cgroup of v2. */
  readonly controller: number | null;
  /** Name of the list of a cgroup's ancestors: `ancestors` since Linux 6.1; null where there is none that can be read. */
  readonly ancestors: 'ancestors' | 'ancestor_ids' | null;
  /** Field of `struct pt_regs` with the number of the call. */
  readonly numberField: 'orig_ax' | 'syscallno';
  /** Field of `struct task_struct` with its state: `__state` since Linux 5.14. */
  readonly stateField: '__state' | 'state';
  /** Are there tracepoints of page faults? x86 and RISC-V have them. */
  readonly faults: boolean;
}

/** A cgroup by its number in the kernel, which is the inode of its directory, and its depth below the root. */
export interface WatchedCgroup {
  readonly id: bigint;
  readonly level: number;
}

/** Calls by which the loop tells the program what to do; the loop makes them for nothing else. */
export interface Marks {
  /** Answer, so that it is known that the program counts. */
  readonly ping: number;
  /** Begin to count. */
  readonly open: number;
  /** Begin to count when a process of the target executes a program. */
  readonly arm: number;
  /** End counting. */
  readonly close: number;
}

/** The marks on an architecture. RangeError where it lacks one of the calls. */
export function marksOf(names: CallNames): Marks {
  const number = (name: string) => {
    const found = names.numberOf(name);
    if (found === undefined) throw new RangeError(`there is no call ${name} here`);
    return found;
  };
  return {
    ping: number('getpgid'),
    open: number('getsid'),
    arm: number('getpriority'),
    close: number('sched_get_priority_max'),
  };
}

/** Input of {@link bpftraceProgram}. */
export interface ProgramInput {
  readonly shape: KernelShape;
  readonly target: WatchedCgroup;
  /** Which program of the target opens the window, once it is armed. */
  readonly begins: 'now' | 'program' | 'init';
  /** The process that makes known calls and marks, in a cgroup that is no part of the target. */
  readonly loopPid: number;
  readonly names: CallNames;
  /** One of so many calls is timed; a power of two. 0: calls are only counted, without time and bytes. */
  readonly timedOneOf: number;
}

/** Counts a timed call of a 32-bit program: TS_COMPAT, arch/x86/include/asm/thread_info.h. */
const countCompat =
  'if ((((struct task_struct *)curtask)->thread_info.status & 2) != 0) { @compat = count(); }';

/** By how much every count of {@link seededKeys} is too large. */
export const seed = 1;

/**
 * Maps with few and small counts, and all of their keys. Where two CPUs make a key at once, one of the two counts is lost
 * (EEXIST), so these are made before anything is counted.
 */
const seededKeys = { '@tasks': [0, 1, 2, 3], '@switches': [0, 1] } as const;
const seeds = Object.entries(seededKeys)
  .flatMap(([map, keys]) => keys.map((key) => `${map}[${key}] = count();`))
  .join(' ');

/** Flag of the first process of a PID namespace: SIGNAL_UNKILLABLE, include/linux/sched/signal.h. */
const unkillable = 0x40;

/**
 * The program for bpftrace. It counts in the kernel, per CPU, and prints its maps once, at its end. Raw tracepoints
 * spare the copying of arguments that others begin with. The target is tested first, so that the loop, by which the
 * cost is measured, never costs less. `nsecs` is CLOCK_MONOTONIC.
 */
export function bpftraceProgram({ shape, target, begins, loopPid, names, timedOneOf }: ProgramInput): string {
  const isTiming = timedOneOf > 0;
  if (isTiming && !Number.isInteger(Math.log2(timedOneOf)))
    throw new RangeError('one of a power of two can be timed');
  const marks = marksOf(names);
  const numbers = (calls: readonly string[]) => calls.flatMap((name) => names.numberOf(name) ?? []);
  const isTimed = [
    `(rand & ${timedOneOf - 1}) == 0`,
    ...numbers(endlessCalls).map((number) => `$n != ${number}`),
  ].join(' && ');
  const hasBytes = numbers(byteCalls)
    .map((number) => `$n == ${number}`)
    .join(' || ');
  const who = whose(shape, target, loopPid);
  const isFirst =
    begins === 'init' ? ` && (((struct task_struct *)curtask)->signal->flags & ${unkillable}) != 0` : '';
  const bounded = `if ($n >= ${numberLimit}) { $n = (uint64)${numberLimit}; }`;
  const began = (value: string, more = '') =>
    isTiming ? `if (${isTimed}) { @start[tid] = (uint64)(${value}); ${more} }` : '';
  const exit = `
rawtracepoint:sys_exit {
  $began = @start[tid];
  if ($began > 0 || (int64)arg1 > 0) {
    $n = (uint64)((struct pt_regs *)arg0)->${shape.numberField};
    if ($began > 0) {
      ${bounded}
      $took = nsecs - ($began >> 1);
      if (($began & 1) == 1) { @loop_time[$n] = stats($took); }
      else { @time[$n] = stats($took); @place[$n, comm] = stats($took); }
      delete(@start[tid]);
    }
    if ((int64)arg1 > 0 && (${hasBytes})) {
      ${who}
      if ($who == 1) { @bytes[$n] = sum((int64)arg1); }
      else if ($who == 2) { @loop_bytes[$n] = sum((int64)arg1); }
    }
  }
}`;
  return `
BEGIN { ${seeds} }
rawtracepoint:sys_enter {
  ${who}
  if ($who == 1) {
    $n = (uint64)arg1;
    ${bounded}
    @calls[$n] = count();
    ${began('nsecs << 1', shape.numberField === 'orig_ax' ? countCompat : '')}
  } else if ($who == 2) {
    $n = (uint64)arg1;
    if ($n == ${marks.ping}) { printf("ping\\n"); }
    else if ($n == ${marks.open}) { @gate = 1; printf("open %llu\\n", nsecs); }
    else if ($n == ${marks.arm}) { @gate = 2; printf("armed\\n"); }
    else if ($n == ${marks.close}) { @gate = 0; ${forget} printf("close %llu\\n", nsecs); }
    else {
      ${bounded}
      @loop_calls[$n] = count();
      ${began('(nsecs << 1) | 1')}
    }
  }
}${isTiming ? exit : ''}
rawtracepoint:sched_switch {
  if (@gate == 1) {
    ${who}
    if ($who == 1) {
      $task = (struct task_struct *)curtask;
      if ((uint64)arg0 == 0 && $task->${shape.stateField} != 0) { @switches[1] = count(); }
      else { @switches[0] = count(); }
    }
  }
}
${shape.faults ? faults(who) : ''}
rawtracepoint:sched_process_fork {
  if (@gate == 1) {
    ${who}
    if ($who == 1) {
      $child = (struct task_struct *)arg1;
      if ($child->pid != $child->tgid) { @tasks[1] = count(); }
      else {
        @tasks[0] = count();
        if ((uint64)$child->mm == (uint64)((struct task_struct *)curtask)->mm) { @tasks[3] = count(); }
      }
    }
  }
}
rawtracepoint:sched_process_exec {
  if (@gate != 0) {
    ${who}
    if ($who == 1) {
      @tasks[2] = count();
    } else if ($who == 3 && @gate == 2${isFirst}) {
      @gate = 1;
      printf("open %llu\\n", nsecs);
    }
  }
}
rawtracepoint:sched_process_exit {
  ${forget}
  ${isTiming ? 'if (@start[tid] > 0) { delete(@start[tid]); }' : ''}
}
rawtracepoint:cgroup_attach_task {
  ${forget}
}
`;
}

/**
 * Faults of programs, and of the kernel on their behalf. The cgroup counts them too, but memory.stat may lag by two seconds,
 * which is longer than many a window.
 */
const faults = (who: string) => `
rawtracepoint:page_fault_user, rawtracepoint:page_fault_kernel {
  if (@gate == 1) {
    ${who}
    if ($who == 1) { @faults = count(); }
  }
}`;

const forget = '@in = (uint64)0; @out = (uint64)0;';

/**
 * Sets `$who`: 1 for the target while the window is open, 3 while it is not, 2 for the loop, 0 for all others. To walk
 * from a task to its cgroup's number takes several reads of kernel memory at every call, so the set of cgroups that the
 * task belongs to is compared with the last one of the target, and with the last one of others. The kernel frees such a
 * set, and may reuse its address, only after its last task has ended or was moved; at either of these both are forgotten.
 */
function whose({ controller, ancestors }: KernelShape, target: WatchedCgroup, loopPid: number): string {
  const cgroup = controller === null ? 'dfl_cgrp' : `subsys[${controller}]->cgroup`;
  return `$set = (uint64)((struct task_struct *)curtask)->cgroups;
  $who = 0;
  if ($set == @in) { $who = 1; }
  else if (pid == ${loopPid}) { $who = 2; }
  else if ($set != @out) {
    $cgroup = ((struct task_struct *)curtask)->cgroups->${cgroup};
    $id = $cgroup->kn->id;
    if (${inTarget(target, ancestors)}) {
      if (@gate == 1) { $who = 1; @in = $set; } else { $who = 3; }
    }
    else { @out = $set; }
  }`;
}

/** Is the task in the target or below it? A cgroup below has the target among its ancestors, at the target's level. */
function inTarget({ id, level }: WatchedCgroup, ancestors: KernelShape['ancestors']): string {
  const itself = `$id == ${id}`;
  if (ancestors === null) return itself;
  const above = ancestors === 'ancestors' ? `ancestors[${level}]->kn->id` : `ancestor_ids[${level}]`;
  return `${itself} || ($cgroup->level > ${level} && $cgroup->${above} == ${id})`;
}
