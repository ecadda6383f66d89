import { type CallNames, numberLimit } from '../../../../core/syscalls/call-names.ts';
import { byteCalls, endlessCalls } from '../names/call-classes.ts';

/** How to find a task's cgroup, and which fields and tracepoints this kernel has. */
export interface KernelShape {
  /** Index of the v1 controller (row of `/proc/cgroups`, from 0); null: use the v2 cgroup. */
  readonly controller: number | null;
  /** Field with a cgroup's ancestors: `ancestors` since Linux 6.1; null if none can be read. */
  readonly ancestors: 'ancestors' | 'ancestor_ids' | null;
  /** Field of `struct pt_regs` with the number of the call. */
  readonly numberField: 'orig_ax' | 'syscallno';
  /** Field of `struct task_struct` with its state: `__state` since Linux 5.14. */
  readonly stateField: '__state' | 'state';
  /** Are there tracepoints for page faults? x86 and RISC-V have them. */
  readonly faults: boolean;
}

/** A cgroup: its id in the kernel, which is the inode of its directory, and its depth below the root. */
export interface WatchedCgroup {
  readonly id: bigint;
  readonly level: number;
}

/** Numbers of the system calls by which the loop sends commands to the program; the loop makes them for nothing else. */
export interface CallNumberMarks {
  /** Print an answer: shows that the program is counting. */
  readonly ping: number;
  /** Start counting. */
  readonly open: number;
  /** Start counting when a process of the target executes a program. */
  readonly arm: number;
  /** Stop counting. */
  readonly close: number;
}

/** The marks of an architecture. RangeError if it lacks one of the calls. */
export function marksOf(names: CallNames): CallNumberMarks {
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
  /** Event that opens the window once the program is armed. */
  readonly begins: 'now' | 'program' | 'init';
  /** The loop, which makes known calls and marks in a cgroup outside of the target. */
  readonly loopPid: number;
  readonly names: CallNames;
  /** One call out of this many is timed; a power of two. 0: calls are only counted, without time and bytes. */
  readonly timedOneOf: number;
}

/** Counts a timed call of a 32-bit program: TS_COMPAT, arch/x86/include/asm/thread_info.h. */
const countCompat =
  'if ((((struct task_struct *)curtask)->thread_info.status & 2) != 0) { @compat = count(); }';

/** Excess of every count of {@link seededKeys}. */
export const seed = 1;

/**
 * Maps with few and small counts, and all of their keys. If two CPUs create a key at the same time, one of the two counts is
 * lost (EEXIST), so these keys are created before counting starts.
 */
const seededKeys = { '@tasks': [0, 1, 2, 3], '@switches': [0, 1] } as const;
const seeds = Object.entries(seededKeys)
  .flatMap(([map, keys]) => keys.map((key) => `${map}[${key}] = count();`))
  .join(' ');

/** Flag of the first process of a PID namespace: SIGNAL_UNKILLABLE, include/linux/sched/signal.h. */
const unkillable = 0x40;

/**
 * The program for bpftrace. It counts in the kernel, per CPU, and prints its maps once, at its end. It uses raw tracepoints,
 * which do not copy arguments. It tests for the target before the loop, so that a call of the loop, by which the cost is
 * measured, never costs less than a call of the target. `nsecs` is CLOCK_MONOTONIC.
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
 * Counts faults of programs, and of the kernel on their behalf. The cgroup counts them too, but memory.stat may lag by two
 * seconds, which is longer than many windows.
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
 * Sets `$who`: 1: the target, window open; 3: the target, window closed; 2: the loop; 0: any other task. Finding the id of a
 * task's cgroup takes several reads of kernel memory per call, so the address of the task's `css_set` is first compared with
 * two cached ones: the last of the target (`@in`) and the last of others (`@out`). The kernel frees a `css_set`, and may reuse
 * its address, only after its last task has ended or was moved; on either event, both cached addresses are cleared.
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

/** Is the task in the target cgroup or below? A cgroup below has the target as its ancestor at the target's level. */
function inTarget({ id, level }: WatchedCgroup, ancestors: KernelShape['ancestors']): string {
  const itself = `$id == ${id}`;
  if (ancestors === null) return itself;
  const above = ancestors === 'ancestors' ? `ancestors[${level}]->kn->id` : `ancestor_ids[${level}]`;
  return `${itself} || ($cgroup->level > ${level} && $cgroup->${above} == ${id})`;
}
