#!/usr/bin/env bash
# usage: ci.sh DIRECTORY [OPTION OF ocibench run ...]
#
# Measures into DIRECTORY, checks that the published files follow from the raw records, and compares with the last
# complete run of DIRECTORY. Leaves comparison.txt and comparison.json there. ACCEPT (keys with commas between) is what
# `compare --accept` gets: what may differ between the two runs.
#
# Exit codes are those of ocibench: 0 nothing got worse; 1 something got worse, a trial failed, a gate failed, or a file
# does not follow; 2 misuse, or runs that cannot be compared; 3 no engine; 4 another measurement goes on; 5 a gate cannot
# be told; 130 interrupted.
set -uo pipefail
if [ $# -eq 0 ]; then
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
directory=$1
shift
# A checkout has its own command; the npm package's is on PATH.
ocibench=${OCIBENCH:-$(dirname "$0")/../ocibench}
[ -x "$ocibench" ] || ocibench=ocibench
last=$directory/last-complete
mkdir -p "$directory"
rm -f "$directory"/comparison.{txt,json}

"$ocibench" run --out "$directory" --set progress=false "$@"
measured=$?
case $measured in
  0 | 1 | 5) ;; # 1: some cells failed, the others have values; 5: a gate is inconclusive
  *) exit "$measured" ;;
esac
"$ocibench" verify latest --in "$directory" || exit

before=$(cat "$last" 2>/dev/null)
compared=0
if [ -n "$before" ]; then
  accepted=(${ACCEPT:+--accept "$ACCEPT"})
  "$ocibench" compare "$before" latest --in "$directory" "${accepted[@]}" | tee "$directory/comparison.txt"
  compared=${PIPESTATUS[0]}
  if [ "$compared" -le 1 ]; then
    "$ocibench" compare "$before" latest --in "$directory" "${accepted[@]}" --json >"$directory/comparison.json"
  fi
fi
[ "$measured" -ne 1 ] && basename "$(readlink -f "$directory/results/latest")" >"$last"
[ "$compared" -ne 0 ] && exit "$compared"
exit "$measured"
