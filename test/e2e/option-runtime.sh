#!/bin/sh
# runc with options of its own: --pause=on takes 200 ms more in create, --label=… does nothing, --label=refused ends it. Each
# create takes 500 ms more, so that what the host adds is small beside it.
pause=0.5
while [ $# -gt 0 ]; do
  case $1 in
    --pause=on) pause=0.7 ;;
    --pause=off) ;;
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
exec runc "$@"
