import { shellWord } from '../../../../core/messages/command.ts';

/** Contents of the jobs of a launch. */
export interface JobWork {
  /** Absolute path of the directory that all nodes share. */
  readonly out: string;
  /** Command that starts ocibench on a node, up to `run`. */
  readonly program: readonly string[];
  /** Arguments of `ocibench run`. */
  readonly words: readonly string[];
}

/** Second line of the script, which identifies it. */
const scriptMark = '# Written by: ocibench fleet slurm';

/** Files in the directory of an attempt. */
export const attemptFiles = {
  /** Identity of the program's process: host, boot, PID namespace, pid and start time. */
  process: 'process',
  /** The attempt whose results this one resumes. */
  place: 'place',
  /** Exit code of the program; written when it has ended. */
  exit: 'exit',
} as const;

/** Name of an attempt's directory, within its host's directory. */
export function attemptName(job: string | number, restart: string | number): string {
  return `job-${job}-${restart}`;
}

/** Signal by which Slurm (before the time limit) or an interrupted launcher asks the script to end its program. */
export const endSignal = 'USR1';

/**
 * The script of every job; its argument is the host. Slurm may restart a job under the same id, even while its old processes
 * still run on an unreachable node. So each attempt makes a new directory, and resumes the previous attempt's run only if its
 * process has certainly ended: the same host has rebooted, or the process is missing in the same PID namespace. `scancel` sends
 * SIGTERM to the program itself; {@link endSignal} reaches only the script, which forwards it once as SIGTERM: a second SIGTERM
 * would end ocibench before it has cleaned up.
 */
export function jobScript({ out, program, words }: JobWork): string {
  const command = program.map(shellWord).join(' ');
  return `#!/bin/sh
${scriptMark}
set -u
out=${shellWord(out)}
host=$1
job=$SLURM_JOB_ID
restart=\${SLURM_RESTART_COUNT:-0}
home=$out/$host
here=$home/${attemptName('$job', '$restart')}
export LC_ALL=\${LC_ALL:-C.UTF-8}

mkdir -p "$home" || exit 73
if ! mkdir "$here"; then
  echo "ocibench: $here must be new: this attempt measures nothing" >&2
  exit 73
fi

# Prints what /proc says of a process: its start time in ticks since boot.
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

# Has the process of this file certainly ended?
gone() {
  read -r was_host was_boot was_namespace was_pid was_start <"$1" || return 1
  [ "$was_host" = "$(uname -n)" ] || return 1
  [ "$was_boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] || return 0
  [ "$was_namespace" = "$(readlink /proc/self/ns/pid)" ] && [ -d /proc/1 ] || return 1
  [ "$(started "$was_pid")" != "$was_start" ]
}

child=
ending=
end() {
  ending=1
  [ -n "$child" ] && kill -TERM "$child" 2>/dev/null
}
trap end ${endSignal}
# Slurm has sent it to the program, too.
trap : TERM

# Runs the program to its end, however often a signal comes meanwhile. Its exit code is in $code.
measure() {
  code=130
  [ -z "$ending" ] || return
  ${command} run --set wait=true --set progress=false "$@" &
  child=$!
  printf '%s %s %s %s %s\\n' "$(uname -n)" "$(cat /proc/sys/kernel/random/boot_id)" \\
    "$(readlink /proc/self/ns/pid)" "$child" "$(started "$child")" >"$here/process.new"
  mv "$here/process.new" "$here/${attemptFiles.process}"
  code=0
  wait "$child" || code=$?
  while [ "$code" -gt 128 ] && kill -0 "$child" 2>/dev/null; do
    code=0
    wait "$child" || code=$?
  done
  child=
}

# The run of the attempt before, and where it is.
place=$here
run=
if [ "$restart" -gt 0 ]; then
  before=$home/${attemptName('$job', '$((restart - 1))')}
  if [ -f "$before/${attemptFiles.process}" ] && gone "$before/${attemptFiles.process}"; then
    place=$(cat "$before/${attemptFiles.place}")
    for file in "$place"/results/[0-9]*/run.json; do
      [ -f "$file" ] && run=\${file%/run.json}
    done
  fi
fi

code=2
if [ -n "$run" ]; then
  printf '%s\\n' "$place" >"$here/${attemptFiles.place}"
  echo "ocibench: attempt $restart on $host goes on with $run" >&2
  measure ${['--resume', '"$run"', '--out', '"$place"', ...words.map(shellWord)].join(' ')}
fi
# Nothing to go on with, or it cannot go on: the host has changed, or the run was complete.
if [ "$code" = 2 ]; then
  printf '%s\\n' "$here" >"$here/${attemptFiles.place}"
  echo "ocibench: attempt $restart on $host begins a run" >&2
  measure ${['--out', '"$here"', ...words.map(shellWord)].join(' ')}
fi
printf '%s\\n' "$code" >"$here/exit.new"
mv "$here/exit.new" "$here/${attemptFiles.exit}"
exit "$code"
`;
}
