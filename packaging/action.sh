#!/usr/bin/env bash
# usage: action.sh setup|measure|compare
# The steps of action.yml. Inputs come as environment variables, so that nothing in them is read as a command.
set -euo pipefail

# GitHub's runners have a user who may use sudo without a password.
ocibench() {
  if [ "$(id -u)" = 0 ]; then
    "$GITHUB_ACTION_PATH/ocibench" "$@"
  else
    sudo --preserve-env "PATH=$PATH" "$GITHUB_ACTION_PATH/ocibench" "$@"
  fi
}

# The directory that `latest` leads to; nothing where there is no run.
latest() { readlink -e "$1/results/latest" || true; }

setup() { ocibench doctor --install; }

measure() {
  local before after code=0
  local -a arguments
  read -r -d '' -a arguments <<<"$OCIBENCH_ARGUMENTS" || true
  before=$(latest "$OCIBENCH_OUT")
  ocibench run "${arguments[@]}" --out "$OCIBENCH_OUT" || code=$?
  after=$(latest "$OCIBENCH_OUT")
  # A run with failures has a report too. What was there before is no result of this one.
  if [ -n "$after" ] && [ "$after" != "$before" ]; then
    echo "results=$after" >>"$GITHUB_OUTPUT"
    # GitHub shows no more than 1 MiB of a step.
    if [ -f "$after/report.md" ]; then head -c 1000000 "$after/report.md" >>"$GITHUB_STEP_SUMMARY"; fi
  fi
  return "$code"
}

compare() {
  local code=0 compared
  compared=$(ocibench compare "$OCIBENCH_BEFORE" "$OCIBENCH_AFTER") || code=$?
  printf '%s\n' "$compared"
  printf '```\n%s\n```\n' "$compared" >>"$GITHUB_STEP_SUMMARY"
  return "$code"
}

case ${1-} in
  setup | measure | compare) "$1" ;;
  *)
    echo "usage: action.sh setup|measure|compare" >&2
    exit 2
    ;;
esac
