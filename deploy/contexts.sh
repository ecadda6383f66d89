#!/bin/sh
# usage: contexts.sh OUT CONTEXT... -- OPTION...
#
# The same run on the daemons of several Docker contexts, one after the other, each into OUT/CONTEXT. What follows -- are
# options of `ocibench run`.
#
#   contexts.sh collected web db cache -- --preset quick
#   ocibench fleet merge collected --out fleet
#
# Such an engine shows times and what tools measure, not cgroups: for the rest run ocibench on the host itself.
# A daemon that is not there does not lose the others; the exit code is that of the last run that did not end with 0.
# Variables: OCIBENCH, the program: ocibench. SEED, of every run: 42.
set -u
out=${1:?usage: contexts.sh OUT CONTEXT... -- OPTION...}
shift
contexts=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  contexts="$contexts $1"
  shift
done
[ $# -eq 0 ] || shift
trap 'exit 130' INT TERM
code=0
# A context has a name without blanks.
for context in $contexts; do
  echo "$context" >&2
  "${OCIBENCH:-ocibench}" run --set "context=$context" --out "$out/$context" --set "seed=${SEED:-42}" "$@" || code=$?
done
exit "$code"
