# usage: two-starts.sh LOCK COMMAND…
# Starts COMMAND, stops it (SIGSTOP) while it holds the host's lock, starts it again, kills the first and starts it a third
# time. Prints the exit codes of the second and the third, and whether the lock's file is gone then. With ONLY_HOLD set the first
# stays stopped, which is said.
export OCIBENCH_LOCK="$1"
shift
# Where this shell gets no processor in time, a first start may end unseen: then another one is made.
first=
until [ -e "$OCIBENCH_LOCK" ]; do
  [ -z "$first" ] || kill -KILL "$first" 2>/dev/null
  rm -f "$OCIBENCH_LOCK.over"
  { "$@" >/dev/null 2>&1; : >"$OCIBENCH_LOCK.over"; } &
  until [ -e "$OCIBENCH_LOCK" ] || [ -e "$OCIBENCH_LOCK.over" ]; do :; done
  first=$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "$OCIBENCH_LOCK" 2>/dev/null)
  [ -z "$first" ] || kill -STOP "$first" 2>/dev/null
done
if [ -n "${ONLY_HOLD-}" ]; then
  echo stopped
  exec sleep 3600
fi
code=0; "$@" >/dev/null 2>&1 || code=$?
echo "beside a living one: $code"
kill -KILL "$first"
wait
rm -f "$OCIBENCH_LOCK.over"
code=0; "$@" >/dev/null 2>&1 || code=$?
echo "after its death: $code"
[ -e "$OCIBENCH_LOCK" ] || echo "the lock is gone"
