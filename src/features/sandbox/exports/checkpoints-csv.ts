import type { Exporter, ExportSource } from '../../../report/exports/exporter.ts';
import { csvOf, type Field } from '../../../report/tables/csv.ts';
import { type Checkpoints, checkpointsOf } from '../restore/checkpoints.ts';

const fields: readonly Field<Checkpoints>[] = [
  ['layer', (row) => row.layer],
  ['engine', (row) => row.engine],
  ['engine_version', (row) => row.engineVersion],
  ['runtime', (row) => row.runtime],
  ['runtime_version', (row) => row.runtimeVersion],
  ['criu_version', (row) => row.criu],
  ['checkpoint_calls', (row) => row.checkpointCalls],
  ['stored', (row) => row.stored],
  ['restore_calls', (row) => row.restoreCalls],
  ['restored', (row) => row.restored],
  ['reason', (row) => (row.why ? row.why.text : null)],
];

/** One row per layer or engine and runtime; only where a test restores. */
export default {
  file: 'checkpoints.csv',
  order: 450,
  content({ run, trials }: Pick<ExportSource, 'run' | 'trials'>) {
    const rows = checkpointsOf(run, trials);
    return rows.length === 0 ? null : csvOf(rows, fields);
  },
} satisfies Exporter;
