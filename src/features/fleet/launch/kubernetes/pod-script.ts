import { shellWord } from '../../../../core/messages/command.ts';

/** Lines around a run in a pod's log. */
export const archiveMarks = {
  begin: '-----BEGIN OCIBENCH RUN-----',
  end: '-----END OCIBENCH RUN-----',
} as const;

/** Columns of the archive's lines. The kubelet cuts lines of a log at 16 KiB. */
const columns = 120;

/** How the results leave the pod. */
export type Collect = 'log' | 'volume';

/**
 * The shell program of a pod (`sh -c`). It passes SIGTERM on, so that a pod that is deleted ends its trial and cleans up, and
 * ends well where measurements failed, too (exit code 1): that is a result, and must not be measured again.
 *
 * `out`: directory of the results in the pod. `words`: options of `ocibench run`. Wants NODE_NAME in its environment.
 */
export function podScript(
  words: readonly string[],
  { out, collect }: { readonly out: string; readonly collect: Collect },
) {
  const run = ['ocibench', 'run', ...words].map(shellWord).join(' ');
  const printed = [
    `if [ -d ${out}/results ]; then`,
    `  echo '${archiveMarks.begin}'`,
    // Without the link `latest`: who merges archives follows none.
    `  tar -C ${out} --exclude=results/latest -czf - results | base64 -w ${columns}`,
    `  echo '${archiveMarks.end}'`,
    'fi',
  ];
  return [
    'set -u',
    `${run} --out ${out} --label node="$NODE_NAME" --no-progress &`,
    'child=$!',
    `trap 'kill -TERM "$child" 2>/dev/null' TERM INT`,
    'wait "$child"',
    'code=$?',
    // A signal ends the first wait; the run then ends what it does.
    'while kill -0 "$child" 2>/dev/null; do',
    '  wait "$child"',
    '  code=$?',
    'done',
    ...(collect === 'log' ? printed : []),
    'if [ "$code" -eq 1 ]; then exit 0; fi',
    'exit "$code"',
    '',
  ].join('\n');
}
