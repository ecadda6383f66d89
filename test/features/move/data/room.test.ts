import { expect, test } from 'vitest';
import { OcibenchError } from '../../../../src/core/model/failure/error.ts';
import { refuseTooMuch, type SizedSource } from '../../../../src/features/move/data/room.ts';

const gibibyte = 2 ** 30;
const source = (name: string, gib: number, kind: SizedSource['kind'] = 'volume'): SizedSource => ({
  key: name,
  name,
  kind,
  services: ['db', 'app'],
  path: `/${name}`,
  bytes: gib * gibibyte,
});
const all = [source('cache', 1), source('data', 3), source('/srv/files', 2, 'directory')];

/** What is said of data, with this much space and this bound, GiB. */
function said(sources: readonly SizedSource[], most: number, free: number): string {
  try {
    const bounds = { mostBytes: most * gibibyte, freeBytes: free * gibibyte };
    refuseTooMuch(sources, { file: 'compose.yaml', path: '/var/lib/docker/volumes', ...bounds });
    return 'none';
  } catch (error) {
    if (!(error instanceof OcibenchError)) throw error;
    return [error.exitCode, ...error.problems.map((p) => `${p.key}: ${p.message}; ${p.fix}`)].join(' ');
  }
}

test('two copies and a margin have to have room', () => {
  expect(said(all, 10, 13)).toBe('none');
  expect(said(all, 10, 12.9)).toMatch(
    /^2 volumes\.data: holds 3\.0 GiB; two copies of all data plus 1 GiB need 13\.0 GiB, and \/var\/lib\/docker\/volumes has 12\.9 GiB free; free space/,
  );
});

test('more than the bound is refused, with the largest, whose place is named', () => {
  expect(said(all, 5.5, 1000)).toMatch(
    /^2 volumes\.data: holds 3\.0 GiB; all data to copy is 6\.0 GiB, and move\.maxData is 5\.5 GiB; use +--set move\.maxData=6G; /,
  );
  expect(said([source('/srv/files', 20, 'directory')], 10, 1000)).toContain(
    'services.db.volumes: /srv/files',
  );
  expect(said([], 0, 0)).toBe('none');
});
