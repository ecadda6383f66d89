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
    message: '{program} ends with {signal} before it does anything, also without its RELRO header',
    fix: 'install another build of {program}, or use another tracer',
  },
  noBtf: {
    message: 'the kernel does not describe its structures: there is no {file}',
    fix: 'boot a kernel with CONFIG_DEBUG_INFO_BTF=y, as those of Debian and Ubuntu have it',
  },
  lockdown: {
    message: 'the kernel is locked down ({mode}), so no program may read its structures',
    fix: 'boot without Secure Boot, or with lockdown=integrity; perf still counts',
  },
  refused: {
    message: '{program} could not be started: {said}',
    fix: 'see what it says; root in a container also needs CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN',
  },
  silent: {
    message: '{program} did not begin to count within {seconds} s: {said}',
    fix: 'try again on a host that is less busy, or use another tracer',
  },
  noArchitecture: {
    message: 'the system calls of {architecture} are not known by number',
    fix: 'use --tracer perf, which names them',
  },
  noTracefs: {
    message: 'there are no tracepoints here: tracefs can be neither found nor mounted at {directory}',
    fix: 'boot a kernel with CONFIG_FTRACE=y; in a container, run ocibench on the host instead',
  },
  noTracepoints: {
    message: 'the kernel has no tracepoints of system calls',
    fix: 'boot a kernel with CONFIG_FTRACE_SYSCALLS=y',
  },
  notAsked: {
    message: 'strace stops the target at every call, dozens of times slower, and this target is not ours',
    fix: 'use it all the same:  --tracer strace',
  },
  manyCgroups: {
    message: 'perf would take the name of {cgroup} for a list or a pattern, and count other cgroups too',
    fix: 'use bpftrace, which is told its number; or name the cgroup above it',
  },
  noProcess: {
    message: 'there is no process in {cgroup}',
    fix: 'start it, then record it; or use bpftrace, which waits for processes',
  },
});

/** Why a target cannot be recorded. */
export const targetReasons = reasons('recording.target', {
  none: {
    message: 'nothing is named that could be recorded',
    fix: 'name one:  -- COMMAND,  --container ID,  --cgroup PATH,  --image IMAGE  or  --run RUN',
  },
  several: {
    message: 'several targets are named: {targets}',
    fix: 'name one of them',
  },
  besideRun: {
    message: 'it does not go with --run, whose workloads say themselves what runs and how long',
    fix: 'leave it out',
  },
  withoutRun: {
    message: 'it chooses among the workloads of a run, and none is named',
    fix: 'name one with --run, or leave it out',
  },
  runNeedsBpftrace: {
    message: 'only bpftrace begins and ends to count within the milliseconds of a workload’s stamps',
    fix: 'leave it out',
  },
  noProgram: {
    message: 'the program {program} is not found',
    fix: 'give its path, or install it',
  },
  commandBeside: {
    message: 'a command is given beside it',
    fix: 'only --image takes words after --; they replace the command of the image',
  },
  badContainer: {
    message: 'no container can have the name {name}',
    fix: 'docker ps   lists the containers that run',
  },
  noContainer: {
    message: 'there is no container {name}: {said}',
    fix: 'docker ps   lists the containers that run',
  },
  notRunning: {
    message: 'the container {name} does not run ({state})',
    fix: 'start it, or choose another one:  docker ps',
  },
  otherKernel: {
    message:
      'the container {name} runs under {runtime}, which has a kernel of its own: the host sees the calls of that kernel, not those of the service',
    fix: 'start the same service under runc or crun, and record it there',
  },
  unknownRuntime: {
    message:
      'the container {name} runs under {runtime}, of which it is not known whether it has a kernel of its own',
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
    message: '{path} is no path of a cgroup',
    fix: 'give it as below /sys/fs/cgroup, such as /system.slice/nginx.service',
  },
  noCgroup: {
    message: 'there is no cgroup {path}: looked for {directory}',
    fix: 'cat /proc/PID/cgroup   says in which cgroups a process is',
  },
  rootCgroup: {
    message: 'the root cgroup is the whole machine, ocibench included',
    fix: 'name the cgroup of one service',
  },
  gone: {
    message: 'it has ended before it could be recorded',
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
  perfProcesses:
    'processes that entered the target from outside during the recording (docker exec) are not counted',
  launcher: 'up to a dozen calls of the shell that started the command are counted with it',
  wholeStart: 'calls of the runtime that started the container are counted with it',
  strace:
    'disturbed: strace stopped the target at every call; the counts hold, but its CPU time is mostly that of being stopped; there are no times and no bytes',
  loopMissed:
    'the tracer counted {counted} of {made} known calls: what it counted of the target is as incomplete',
  lost: 'the tracer lost {n} counts: processes of more names or more threads than it has room for',
  bits32:
    'programs of 32 bits were among the processes: under bpftrace their calls are counted under wrong names, under perf not at all',
  unknownCalls:
    '{n} calls have a number without a name: of a newer kernel, of another ABI such as 32 bits, or made up by the program',
  sharedNetwork: 'it shares the network of the host, where its packets cannot be told from those of others',
  noNetworkFile: 'its network could not be read: {why}',
  interrupted: 'the recording was interrupted: it holds what was counted until then',
  exitCode: 'the command ended with exit code {code}',
  endedAtTime: 'what was started for the recording was ended with it',
});
