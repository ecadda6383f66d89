import { notices, reasons } from '../../../core/messages/define.ts';

export type { Reason } from '../../../core/messages/define.ts';
export type { Message } from '../../../core/messages/message.ts';

/** Why a tracer cannot be used here. */
export const tracerReasons = reasons('recording.tracer', {
  missing: {
    message: '{program} is not installed',
    fix: 'apt-get install -y {package}',
  },
  crashes: {
    message: '{program} ends with {signal} before it does anything, even without its RELRO header',
    fix: 'install another build of {program}, or use another tracer',
  },
  noBtf: {
    message: 'the kernel does not describe its structures: {file} does not exist',
    fix: 'boot a kernel with CONFIG_DEBUG_INFO_BTF=y, such as those of Debian and Ubuntu',
  },
  lockdown: {
    message: 'the kernel is locked down ({mode}), so no program may read its structures',
    fix: 'boot without Secure Boot, or with lockdown=integrity; perf still works',
  },
  refused: {
    message: '{program} could not be started: {said}',
    fix: 'read its message; root in a container also needs CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN',
  },
  silent: {
    message: '{program} did not start counting within {seconds} s: {said}',
    fix: 'try again on a less busy host, or use another tracer',
  },
  noArchitecture: {
    message: 'the system call numbers of {architecture} are unknown',
    fix: 'use --tracer perf, which names them',
  },
  noTracefs: {
    message: 'there are no tracepoints here: tracefs is not at {directory} and cannot be mounted there',
    fix: 'boot a kernel with CONFIG_FTRACE=y; in a container, run ocibench on the host instead',
  },
  noTracepoints: {
    message: 'the kernel has no tracepoints for system calls',
    fix: 'boot a kernel with CONFIG_FTRACE_SYSCALLS=y',
  },
  notAsked: {
    message:
      'strace stops the target at every call and makes it dozens of times slower, and ocibench did not start this target',
    fix: 'to use it anyway:  --tracer strace',
  },
  manyCgroups: {
    message: 'perf would read {cgroup} as a list or a pattern, and also count other cgroups',
    fix: 'use bpftrace, which selects it by number; or name the cgroup above it',
  },
  noProcess: {
    message: '{cgroup} has no process',
    fix: 'start it, then record it; or use bpftrace, which waits for processes',
  },
});

/** Why a target cannot be recorded. */
export const targetReasons = reasons('recording.target', {
  none: {
    message: 'no target is named',
    fix: 'name one:  -- COMMAND,  --container ID,  --cgroup PATH,  --image IMAGE  or  --run RUN',
  },
  several: {
    message: 'several targets are named: {targets}',
    fix: 'name one of them',
  },
  besideRun: {
    message: 'cannot be used with --run: its workloads define what runs and for how long',
    fix: 'leave it out',
  },
  withoutRun: {
    message: 'chooses workloads of a run, and no run is named',
    fix: 'name one with --run, or leave it out',
  },
  runNeedsBpftrace: {
    message: 'only bpftrace can start and stop counting within milliseconds, as --run needs',
    fix: 'leave it out',
  },
  noProgram: {
    message: 'the program {program} was not found',
    fix: 'give its path, or install it',
  },
  commandBeside: {
    message: 'cannot be used with a command',
    fix: 'remove the command; only --image takes words after --, which replace the command of the image',
  },
  badContainer: {
    message: '{name} is not a valid container name',
    fix: 'list the running containers:  docker ps',
  },
  noContainer: {
    message: 'there is no container {name}: {said}',
    fix: 'list the running containers:  docker ps',
  },
  notRunning: {
    message: 'the container {name} is not running ({state})',
    fix: 'start it, or choose another one:  docker ps',
  },
  otherKernel: {
    message:
      'the container {name} runs under {runtime}, which has a kernel of its own, so the host does not see the service’s calls',
    fix: 'start the same service under runc or crun, and record it there',
  },
  unknownRuntime: {
    message: 'the container {name} runs under {runtime}, which may have a kernel of its own',
    fix: 'start the same service under runc or crun, and record it there',
  },
  elsewhere: {
    message: 'the daemon at {endpoint} is on another host, whose kernel cannot be traced from here',
    fix: 'run the same command on that host',
  },
  noImage: {
    message: 'the daemon does not have the image {image}',
    fix: 'docker pull {image}',
  },
  badCgroup: {
    message: '{path} is not a cgroup path',
    fix: 'give its path below /sys/fs/cgroup, such as /system.slice/nginx.service',
  },
  noCgroup: {
    message: 'there is no cgroup {path}; looked for {directory}',
    fix: 'see which cgroups a process is in:  cat /proc/PID/cgroup',
  },
  rootCgroup: {
    message: 'the root cgroup is the whole machine, ocibench included',
    fix: 'name the cgroup of one service',
  },
  gone: {
    message: 'it ended before recording began',
    fix: 'start it again, or choose another one',
  },
  badNumber: {
    message: '{value} is not {rule}',
    fix: 'leave it out, or give such a value',
  },
});

/** Notes to read before using the numbers of a recording. */
export const notes = notices('recording.note', {
  perfNoTime: 'perf counts calls, but neither their time nor their bytes',
  perfProcesses: 'processes that entered the target during the recording (docker exec) are not counted',
  launcher: 'includes up to a dozen calls of the shell that started the command',
  wholeStart: 'includes calls of the runtime that started the container',
  strace:
    'disturbed: strace stopped the target at every call. The counts are right, but most of the CPU time is strace’s; times and bytes are missing',
  loopMissed:
    'the tracer counted only {counted} of {made} known calls, so the counts of the target are too low as well',
  lost: 'the tracer lost {n} counts: there were more process names or threads than it can hold',
  bits32:
    'some processes were 32-bit programs: bpftrace counts their calls under wrong names, perf does not count them',
  unknownCalls:
    '{n} calls have an unknown number: from a newer kernel, another ABI such as 32-bit, or invented by the program',
  sharedNetwork: 'it shares the network of the host, so its packets cannot be told from those of others',
  noNetworkFile: 'its network could not be read: {why}',
  interrupted: 'the recording was interrupted, and holds what was counted until then',
  exitCode: 'the command exited with code {code}',
  endedAtTime: 'the target was started for the recording, and was stopped at its end',
});
