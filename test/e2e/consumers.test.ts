import { appendFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendByMonth } from '../../src/app/append-by-month.ts';
import type { HeadlineLine, HistoryLine } from '../../src/features/nightly/history/record.ts';
import { alarmLine, headlineLine, nightLine } from '../support/history-lines.ts';
import { debianProgram } from './debian-program.ts';
import { ocibench, root } from './support.ts';

const prometheus = await debianProgram('prometheus');
const promtool = await debianProgram('promtool');
const exporter = await debianProgram('prometheus-node-exporter');
/** A year whose last night is over. */
const year = 365;
const dayOf = (n: number) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10);
const secondsOf = (n: number) => Date.UTC(2025, 0, 1 + n, 2) / 1000;
/** The night from which on one series is 10 % up. */
const stepNight = 200;

const moving = 'crun ÷ crun-pin startup/echo startup.total';
const series: readonly Partial<HeadlineLine>[] = [
  { series: 'runc ÷ runc-pin startup/echo startup.total' },
  { series: moving, runtime: 'crun', reference: 'crun-pin' },
  {
    series: 'crun-pin ÷ runc-pin "odd" \\ name startup.total',
    runtime: 'crun-pin',
    reference: 'runc-pin',
    against: 'baseline',
  },
  {
    series: 'runc-pin io/fio fio.iops',
    runtime: 'runc-pin',
    reference: null,
    metric: 'fio.iops',
    estimate: 5e4,
    workload: 'io/fio',
    against: 'none',
    unit: 'ops/s',
    better: 'higher',
    category: 'io',
  },
];

const estimateOf = (n: number, which: number) =>
  (which === 3 ? 5e4 : 1) *
  (which === 1 && n >= stepNight ? 1.1 : 1) *
  Math.exp(0.01 * Math.sin(7 * n + which));

function nightOf(n: number): readonly HistoryLine[] {
  const figures = series.map((each, which) => {
    const estimate = estimateOf(n, which);
    return headlineLine(dayOf(n), {
      ...each,
      estimate,
      low: 0.98 * estimate,
      high: 1.02 * estimate,
      logError: 0.01,
    });
  });
  const alarms = n === stepNight ? [alarmLine(dayOf(n), { series: [moved] })] : [];
  return [...figures, ...alarms, nightLine(dayOf(n), { headlines: figures.length })];
}
const moved = { series: moving, change: 1.1, low: 1.08, high: 1.12, p: 1e-9, nights: 200 };

describe('what the exports are for reads them', () => {
  let place: string;
  const history = () => join(place, 'history');

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'ocibench-consumers-'));
    await appendByMonth(history(), Array.from({ length: year }, (_, n) => nightOf(n)).flat());
    // A run that was written twice, one that was never closed, and a line that a crash cut off.
    await appendByMonth(history(), nightOf(1));
    await appendByMonth(history(), [headlineLine(dayOf(2), { run: 'unclosed', estimate: 7 })]);
    appendFileSync(join(history(), '2025-03.ndjson'), '{"kind":"headline","schema":1,"estim');
  });
  afterAll(() => rm(place, { recursive: true, force: true }));

  async function exported(format: string): Promise<readonly string[]> {
    const words = [
      'nightly',
      'export',
      '--format',
      format,
      '--history',
      history(),
      '--to',
      join(place, format),
    ];
    const { exitCode, stdout, stderr } = await ocibench(words, place);
    expect(exitCode, stderr).toBe(0);
    return stdout.split('\n');
  }

  describe.skipIf(prometheus === null || promtool === null)('Prometheus', () => {
    test('promtool finds nothing to say of the textfile', async () => {
      const [file = ''] = await exported('textfile');
      const { all, exitCode } = await execa(promtool ?? '', ['check', 'metrics'], {
        input: await readFile(file),
        all: true,
        reject: false,
      });
      expect({ all, exitCode }).toEqual({ all: '', exitCode: 0 });
    });

    test('a year is filled in, and every question of the dashboard has an answer', async () => {
      const [file = ''] = await exported('openmetrics');
      const data = join(place, 'data');
      await execa(promtool ?? '', [
        'tsdb',
        'create-blocks-from',
        'openmetrics',
        '--max-block-duration=8760h',
        file,
        data,
      ]);
      await using server = await startPrometheus(place, data);
      const { ask } = server;
      const label = `{series=${JSON.stringify(moving)}}`;
      const end = secondsOf(year - 1) + 3600;

      expect(await ask(`count_over_time(ocibench_ratio${label}[370d])`, end)).toEqual([year]);
      for (const n of [0, 1, stepNight - 1, stepNight, year - 1])
        expect(await ask(`last_over_time(ocibench_ratio${label}[1d])`, secondsOf(n) + 60)).toEqual([
          estimateOf(n, 1),
        ]);
      expect(await ask('sum_over_time(ocibench_new_alarms[370d])', end)).toEqual([1]);
      expect(await ask('last_over_time(ocibench_open_alarms[1d])', secondsOf(stepNight - 1) + 60)).toEqual([
        0,
      ]);
      const [change = 0] = await ask(
        `avg_over_time(ocibench_ratio${label}[30d]) / avg_over_time(ocibench_ratio${label}[90d] offset 180d)`,
        end,
      );
      expect(change).toBeGreaterThan(1.09);
      expect(change).toBeLessThan(1.11);

      const questions = expressionsOf(
        JSON.parse(await readFile(join(root, 'examples/grafana/ocibench-nightly.json'), 'utf8')),
      );
      expect(questions.length).toBeGreaterThan(10);
      for (const question of questions) {
        const asked = filledIn(question, moving);
        const answers = await Promise.all([stepNight, year - 1].map((n) => ask(asked, secondsOf(n) + 60)));
        // Versions did not change in this year.
        if (question.includes(' unless ')) expect(answers).toEqual([[], []]);
        else expect(answers.flat(), asked).not.toEqual([]);
      }
    });
  });

  test.skipIf(exporter === null)('node-exporter gives the newest night on', async () => {
    await exported('textfile');
    const port = await freePort();
    const words = [
      '--collector.disable-defaults',
      '--collector.textfile',
      `--collector.textfile.directory=${join(place, 'textfile')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    await using server = started(exporter ?? '', words, `http://127.0.0.1:${port}/metrics`);
    const metrics = await server.ready();
    expect(metrics).toContain('node_textfile_scrape_error 0');
    expect(metrics.match(/^ocibench_ratio\{/gm)).toHaveLength(3);
    expect(metrics).toContain('series="crun-pin ÷ runc-pin \\"odd\\" \\\\ name startup.total"');
  });

  /** The first block of that language in the guide. */
  const recipe = async (language: string) => {
    const guide = await readFile(join(root, 'docs/nightly.md'), 'utf8');
    return new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'ms').exec(guide)?.[1] ?? '';
  };

  test('DuckDB reads the files of the history as the guide says', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      const sql = (await recipe('sql')).replace("'history/", `'${history()}/`);
      const rows = (await connection.runAndReadAll(sql)).getRowObjectsJS();
      expect(rows).toHaveLength(4 * year);
      expect(new Set(rows.map(({ night }) => String(night))).size).toBe(year);
      expect(rows.filter(({ estimate }) => estimate === 7)).toEqual([]);
      expect(rows[0]).toMatchObject({ version: 'runc 1.1.15' });
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });
});

/** Every question of a dashboard: of its panels, annotations and variables. */
function expressionsOf(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(expressionsOf);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'expr' && typeof value === 'string' ? [value] : expressionsOf(value),
  );
}

/** As Grafana fills in its variables: everything is chosen, and one series. */
function filledIn(expression: string, name: string): string {
  return expression
    .replaceAll('$__interval', '1d')
    .replaceAll('$__range', '90d')
    .replaceAll('"$series"', JSON.stringify(name))
    .replaceAll(/"\$\w+"/g, '".*"');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A server of this test, which ends with it. */
function started(program: string, words: readonly string[], url: string) {
  const server = execa(program, [...words], { reject: false, all: true });
  let hasEnded = false;
  const end = server.then(({ all }) => {
    hasEnded = true;
    return all;
  });
  return {
    /** What it answers once it does. */
    async ready(): Promise<string> {
      for (let n = 0; n < 300; n++) {
        const answer = await fetch(url).catch(() => null);
        if (answer?.ok) return answer.text();
        if (hasEnded) break;
        await sleep(100);
      }
      server.kill('SIGKILL');
      throw new Error(`${program} does not answer: ${await end}`);
    },
    async [Symbol.asyncDispose]() {
      server.kill('SIGTERM');
      await end;
    },
  };
}

async function startPrometheus(place: string, data: string) {
  const config = join(place, 'prometheus.yml');
  await writeFile(config, 'scrape_configs: []\n');
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const words = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const server = started(prometheus ?? '', words, `${address}/-/ready`);
  await server.ready();
  return {
    /** The values of a question at a time, seconds since 1970. */
    async ask(query: string, time: number): Promise<readonly number[]> {
      const answer = await fetch(
        `${address}/api/v1/query?${new URLSearchParams({ query, time: String(time) })}`,
      );
      const {
        status,
        data: found,
        error,
      } = (await answer.json()) as {
        readonly status: string;
        readonly error?: string;
        readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
      };
      if (status !== 'success') throw new Error(`${query}: ${error}`);
      return found.result.map(({ value: [, text] }) => Number(text));
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
