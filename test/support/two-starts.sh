# usage: two-starts.sh LOCK COMMAND…
# Starts COMMAND, stops it (SIGSTOP) while it holds the host's lock, starts it again, kills the first and starts it a third
# time. Prints the exit codes of the second and the third, and whether the lock's file is gone then.
export OCIBENCH_LOCK="$1"
shift
"$@" >/dev/null 2>&1 &
first=$!
while [ ! -e "$OCIBENCH_LOCK" ] && kill -0 "$first" 2>/dev/null; do :; done
kill -STOP "$first"
code=0; "$@" >/dev/null 2>&1 || code=$?
echo "beside a living one: $code"
kill -KILL "$first"
wait "$first" 2>/dev/null
code=0; "$@" >/dev/null 2>&1 || code=$?
echo "after its death: $code"
[ -e "$OCIBENCH_LOCK" ] || echo "the lock is gone"
