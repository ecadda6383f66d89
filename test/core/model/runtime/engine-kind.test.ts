import { expect, test } from 'vitest';
import { external } from '../../../../src/core/messages/compose.ts';
import { engineFactsSchema } from '../../../../src/core/model/machine/host.ts';
import { engineTraits } from '../../../../src/core/model/runtime/engine-kind.ts';

test('every kind of engine has its traits', () => {
  const described = engineFactsSchema.shape.kind.options.map((kind) => engineTraits({ kind }).described.text);
  expect(described).toEqual([
    'the host’s daemon',
    'private daemon',
    'started for the run',
    'the host’s containerd, without Docker',
  ]);
});

test('only the log of an engine that others use too is read by hand', () => {
  const fix = external('try again');
  expect(engineTraits({ kind: 'docker' }).andReadLog(fix).text).toBe(
    'try again ; read:  journalctl -u docker',
  );
  expect(engineTraits({ kind: 'containerd' }).andReadLog(fix).text).toBe(
    'try again ; read:  journalctl -u containerd',
  );
  expect(engineTraits({ kind: 'embedded' }).andReadLog(fix)).toBe(fix);
  expect(engineTraits({ kind: 'podman' }).andReadLog(fix)).toBe(fix);
});
