#!/bin/sh
# runc with options of its own: --hold=on holds 32 MiB more than --hold=off does beside each container, sleeps 300 ms in create
# and 200 ms in start, and burns a second of CPU; --pause=on takes 200 ms more than --pause=off does in create, --label=… does
# nothing, --label=refused ends it. What both hold, or take, is so much that what the host adds is small beside it.
pause=0
costs=
mebibytes=0
while [ $# -gt 0 ]; do
  case $1 in
    --hold=off) mebibytes=64 ;;
    --hold=on)
      mebibytes=96
      costs='--inject-create-ms=300 --inject-start-ms=200 --inject-cpu-ms=1000'
      ;;
    --pause=off) pause=0.5 ;;
    --pause=on) pause=0.7 ;;
    --label=refused)
      echo "the label 'refused' is not supported" >&2
      exit 7
      ;;
    --label=*) ;;
    *) break ;;
  esac
  shift
done
case " $* " in
  *' create '*) sleep "$pause" ;;
esac
# shellcheck disable=SC2086
exec INJECTOR --inject-runtime=RUNC $costs --inject-bytes=$((mebibytes * 1048576)) "$@"
