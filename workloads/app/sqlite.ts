import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { MountRequest, Workload } from '../../src/core/model/workload/workload.ts';
import { quoted, windowNs } from '../lib/task-workload.ts';

const words = messages('workload.sqlite', {
  title: 'Embedded database: SQLite',
});

const says = notices('workload.sqlite', {
  otherOutput: 'sqlite3 printed {output}, not {wanted}',
});

const directory = '/scratch';
const table = 'CREATE TABLE t(id INTEGER PRIMARY KEY, k INTEGER, v TEXT); CREATE INDEX by_k ON t(k);';
const row = "printf('row number %d of the table', value)";
const check = "SELECT 'rows', count(*), 'sum', sum(k) FROM t;";

/**
 * The preparation, and the measured statements: a list that SQLite itself writes (`each` gives one statement per
 * value). `k` is a permutation of the ids modulo a prime, so that the index is not filled in order.
 */
const operations = {
  insert: {
    units: 20_000,
    prepare: '',
    begin: 'BEGIN;',
    each: `printf('INSERT INTO t VALUES(%d, %d, %Q);', value, (value * 7919) % 100003, ${row})`,
    end: `COMMIT; ${check}`,
  },
  commit: {
    units: 1_000,
    prepare: '',
    begin: '',
    each: `printf('INSERT INTO t VALUES(%d, %d, %Q);', value, (value * 7919) % 100003, ${row})`,
    end: check,
  },
  select: {
    units: 10_000,
    prepare: `INSERT INTO t SELECT value, (value * 7919) % 100003, ${row} FROM generate_series(1, 10000);`,
    begin: 'CREATE TEMP TABLE found(k INTEGER); BEGIN;',
    each: "printf('INSERT INTO found SELECT k FROM t WHERE k = %d;', (value * 7919) % 100003)",
    end: "COMMIT; SELECT 'rows', count(*), 'sum', sum(k) FROM found;",
  },
} as const;

function operationOf({ op }: Params): (typeof operations)[keyof typeof operations] {
  if (op !== 'insert' && op !== 'commit' && op !== 'select')
    throw new RangeError(`app/sqlite has no operation '${op}'`);
  return operations[op];
}

function mountOf({ storage }: Params): MountRequest {
  return storage === 'tmpfs'
    ? { type: 'tmpfs', target: directory, bytes: 64 * 2 ** 20 }
    : { type: 'bind', target: directory };
}

/** Sum of `k` over the rows; only the complete set of rows gives it. */
function expectedSum(units: number): number {
  let sum = 0;
  for (let value = 1; value <= units; value++) sum += (value * 7919) % 100003;
  return sum;
}

const sqlite: Workload = {
  id: 'app/sqlite',
  category: 'app',
  image: 'programs',
  title: words.title,
  description: `The sqlite3 program runs statements from a file on a database with an index, in WAL mode with
\`synchronous=NORMAL\`, the usual setting of services: a commit writes to the log and takes locks, and only a checkpoint
waits for the disk.

- \`commit\`: 1 000 rows, each a transaction of its own: locks and writes, several system calls per row.
- \`insert\`: 20 000 rows in one transaction: parsing and B-trees, few system calls.
- \`select\`: 10 000 lookups by index in one transaction, each stored in a temporary table in memory: hardly any.

\`bind\` is a directory of the host, \`tmpfs\` memory; not the root file system, which under gVisor is an overlay inside the
sandbox. The time is that between the stamps, so it has the start of sqlite3 in it (some ms). The result is checked by row
count and sum. A unit of work is one row.`,
  parameters: {
    op: 'commit (a transaction per row), insert (one transaction) or select (lookups by index)',
    storage: 'where the database is: bind (a directory of the host) or tmpfs',
  },
  presets: {
    quick: [],
    standard: [{ op: 'commit', storage: 'bind' }],
    full: ['commit', 'insert', 'select'].flatMap((op) =>
      ['bind', 'tmpfs'].map((storage) => ({ op, storage })),
    ),
    capacity: [{ op: 'commit', storage: 'bind' }],
  },
  metrics: [
    {
      id: 'sqlite.rows_rate',
      unit: 'ops/s',
      better: 'higher',
      description: 'rows (inserted, or looked up) over the time between the stamps, host CLOCK_MONOTONIC',
    },
  ],
  precision: 0.05,
  representative: true,
  observe: { kind: 'series' },
  container(params) {
    const { units, prepare, begin, each, end } = operationOf(params);
    const database = `${directory}/test.db`;
    const before = `sqlite3 -bail ${database} >/dev/null <<'END'
PRAGMA journal_mode = WAL;
${table}
${prepare}
.output /work.sql
SELECT 'PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; ${begin}';
SELECT ${each} FROM generate_series(1, ${units});
SELECT '${end.replaceAll("'", "''")}';
END`;
    return {
      command: stamped(['/usr/bin/sqlite3', '-bail', database, '.read /work.sql'], { before }),
      mounts: [mountOf(params)],
      stamped: true,
      timeoutMs: 120_000,
    };
  },
  parse(evidence, params) {
    const { units } = operationOf(params);
    const expected = `rows|${units}|sum|${expectedSum(units)}\n`;
    if (evidence.stdout !== expected)
      throw new ParseError(
        says.otherOutput({ output: quoted(evidence.stdout), wanted: JSON.stringify(expected.trim()) }),
      );
    return [
      {
        metric: 'sqlite.rows_rate',
        unit: 'ops/s',
        better: 'higher',
        value: (units / windowNs(evidence)) * 1e9,
      },
      { metric: 'work.units', unit: 'count', better: 'neither', value: units },
    ];
  },
};
export default sqlite;
