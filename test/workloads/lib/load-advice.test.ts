import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ParseError } from '../../../src/core/model/trial/parser-output.ts';
import { adviceFor } from '../../../workloads/lib/load-advice.ts';
import { readLoad } from '../../../workloads/lib/load-tools.ts';

/** What tools printed, each against a real server that fails in this way: output, then standard error. */
const captured = z
  .record(z.string(), z.object({ exitCode: z.number(), output: z.array(z.string()) }))
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/load-failures.json'), 'utf8')));

/** Capture → what its user is told to change, in the tool's words. */
const fixes = {
  'ab-dynamic': 'add -l to ab',
  'ab-404': 'curl -i',
  'ab-refused': 'the port that the service listens on',
  'ab-reset': 'read its log',
  'ab-timeout': '(-s)',
  'ab-close': 'read its log',
  'ab-https': 'write http://',
  'ab-dns': 'name the service',
  'wrk-404': 'curl -i',
  'wrk-timeout': '(--timeout)',
  'wrk-refused': 'the port that the service listens on',
  'wrk-close': 'read its log',
  'wrk-dns': 'name the service',
  'hey-500': 'curl -i',
  'hey-refused': 'the port that the service listens on',
  'hey-timeout': '(-t)',
  'hey-dns': 'name the service',
  'pgbench-no-tables': 'pgbench -i',
  'pgbench-too-many': 'max_connections',
  'pgbench-password': 'PGPASSWORD',
  'pgbench-serial': '--max-tries=0',
  'pgbench-refused': 'the port that the service listens on',
  'redis-noauth': '-a PASSWORD',
  'redis-oom': 'maxmemory',
  'redis-refused': 'the port that the service listens on',
  'redis-maxclients': 'maxclients',
  'curl-404': 'curl -i',
  'curl-refused': 'the port that the service listens on',
  'curl-dns': 'name the service',
  'curl-timeout': '(-m)',
} as const;

test('every capture is looked at', () => {
  expect(Object.keys(captured)).toEqual(Object.keys(fixes));
});

test.each(Object.entries(fixes))('%s is no success, and says what to change: %s', (name, fix) => {
  const { exitCode, output } = captured[name] ?? { exitCode: 0, output: [] };
  const text = output.join('\n');
  const isRead = () => {
    try {
      return readLoad(text, { rate: null, requests: null }).failed === null;
    } catch (error) {
      if (error instanceof ParseError) return false;
      throw error;
    }
  };
  expect(exitCode !== 0 || !isRead()).toBe(true);
  const advice = adviceFor(text);
  expect(advice?.fix.text).toContain(fix);
  expect(text).toContain(advice?.said);
});

// As grafana.com/docs/k6 shows them; k6 itself was not run.
test.each([
  [
    'time="2026-12-07T10:00:00Z" level=error msg="thresholds on metrics \'http_req_duration\' have been crossed"',
    '--no-thresholds',
  ],
  ["ERRO[0011] thresholds on metrics 'http_req_duration' have been crossed", '--no-thresholds'],
  ['    http_req_failed....................: 0.00%  1 out of 26682', 'curl -i'],
  ['    checks_failed......................: 4.25% 17 out of 400', 'correct the check'],
])('k6: %s', (line, fix) => {
  expect(adviceFor(`running\n${line}\n`)?.fix.text).toContain(fix);
});

test('a load that works is told nothing', () => {
  for (const name of ['wrk', 'wrk-l', 'ab', 'ab-t', 'hey', 'redis', 'redis-q', 'redis-csv'])
    expect(
      adviceFor(readFileSync(join(import.meta.dirname, '../../fixtures/load-tools', `${name}.txt`), 'utf8')),
    ).toBeNull();
});
