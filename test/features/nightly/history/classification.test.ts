import { describe, expect, it } from 'vitest';
import {
  classify,
  type MovedSeries,
  type ProvenanceChange,
  type WatchedSeries,
} from '../../../../src/features/nightly/history/changes.ts';

const of = (runtime: string, against: WatchedSeries['against'], id: string): WatchedSeries => ({
  runtime,
  against,
  id,
});
const watched = [
  ...['runc', 'crun'].map((runtime) => of(runtime, 'pin', `${runtime} pin`)),
  of('crun', 'baseline', 'crun baseline'),
  of('runc', 'null', 'runc null'),
];
const moved = (...ids: string[]): MovedSeries[] =>
  watched.filter(({ id }) => ids.includes(id)).map((series) => ({ ...series, side: 'up' }));
const change = (part: ProvenanceChange['part'], name: string): ProvenanceChange => ({
  part,
  name,
  before: '1',
  after: '2',
  ...(part === 'runtime' && { runtime: name }),
});

describe('the culprit', () => {
  it('is the runtime that moved against its pin, whatever else changed', () => {
    const [culprit, ...others] = classify(moved('crun pin'), watched, [
      change('runtime', 'crun'),
      change('runtime', 'runc'),
      change('engine', 'dockerd'),
    ]);
    expect(culprit).toMatchObject({ kind: 'runtime', runtime: 'crun', changes: [{ name: 'crun' }], of: 1 });
    expect(others).toEqual([]);
  });

  it('is that runtime also where its program is the same: nothing recorded explains it', () => {
    expect(classify(moved('crun pin'), watched, [])).toMatchObject([{ kind: 'runtime', changes: [] }]);
  });

  it.each([
    ['engine', [change('engine', 'dockerd')]],
    ['kernel', [change('kernel', 'linux')]],
    ['host', [change('host', 'governor')]],
    ['host', []],
    ['host', [change('runtime', 'crun')]],
    ['several', [change('engine', 'dockerd'), change('kernel', 'linux')]],
  ] as const)('is the %s where pins moved', (kind, changes) => {
    const [culprit] = classify(moved('runc null'), watched, changes);
    expect(culprit).toMatchObject({ kind, of: 1 });
    expect(culprit?.changes).toEqual(changes.filter(({ part }) => part !== 'runtime'));
  });

  it('can be two at once', () => {
    const both = classify(moved('crun pin', 'crun baseline', 'runc null'), watched, [
      change('engine', 'dockerd'),
    ]);
    expect(both.map(({ kind }) => kind)).toEqual(['runtime', 'engine']);
    expect(classify([], watched, [])).toEqual([]);
  });
});
