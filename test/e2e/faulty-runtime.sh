#!/bin/sh
# An OCI runtime that calls runc and misbehaves on purpose. Its own arguments come first: --fault=NAME, and --good=N, how many
# containers are created well before. `sleep 3601` is what it leaves, so that tests can look for it.
fault=; good=0
while :; do
  case $1 in
    --fault=*) fault=${1#--fault=}; shift ;;
    --good=*) good=${1#--good=}; shift ;;
    *) break ;;
  esac
done
verb=; log=; pidfile=; previous=
for word in "$@"; do
  case $previous in --log) log=$word ;; --pid-file) pidfile=$word ;; esac
  case $word in create | start | kill | delete) [ -n "$verb" ] || verb=$word ;; esac
  previous=$word
done
count=$0.$fault.count
: >>"$count"
if [ "$verb" = create ]; then echo >>"$count"; fi
if [ "$(wc -l <"$count")" -le "$good" ]; then exec runc "$@"; fi

flood() { yes 'garbage {"level":"error","msg":"\033[31m' | head -c "${1:-8388608}"; }
leave() { setsid sleep 3601 </dev/null >/dev/null 2>&1 & }
case $verb-$fault in
  create-create-hangs | start-start-hangs | kill-kill-hangs | delete-delete-hangs) sleep 3601; exit 1 ;;
  create-create-garbage) head -c 300 /dev/urandom | tee /dev/stderr; exit $(($(od -An -N1 -tu1 /dev/urandom) % 200 + 2)) ;;
  create-create-floods | start-start-floods) flood; flood >&2; flood >>"$log"; exit 3 ;;
  create-log-floods) flood >>"$log"; exit 3 ;;
  create-output-garbage) flood 16384; flood 16384 >&2 ;;
  kill-kill-deaf | create-create-pretends | start-start-pretends) exit 0 ;;
  create-leaks-outside) leave ;;
  create-leaks-inside)
    runc "$@" || exit $?
    leave
    # Of every hierarchy: /proc/PID/cgroup has lines such as 4:memory:/path (v1) and 0::/path (v2).
    while IFS=: read -r _ controllers path; do
      for dir in /sys/fs/cgroup/${controllers#name=} /sys/fs/cgroup; do
        [ -f "$dir$path/cgroup.procs" ] && echo $! >"$dir$path/cgroup.procs"
      done
    done <"/proc/$(cat "$pidfile")/cgroup" 2>/dev/null
    exit 0
    ;;
esac
exec runc "$@"
