import { describe, expect, test } from 'vitest';
import { kataOverhead } from '../../../../src/core/runtimes/kata/checks.ts';
import {
  isKata1,
  kataFor,
  kataVersion,
  tooOldFor,
  unfitForKata,
} from '../../../../src/core/runtimes/kata/releases.ts';

const id = 'c0ffee'.padEnd(64, '0123456789abcdef');

describe('the version as a plain number', () => {
  test.each([
    [
      'Kata Containers containerd shim (Golang): id: "io.containerd.kata.v2", version: 3.25.0, commit: 1d2ff63c10-dirty',
      '3.25.0',
    ],
    ['Kata Containers containerd shim: id: "io.containerd.kata.v2", version: 2.5.2, commit: 4f5a', '2.5.2'],
    [
      'Kata Containers containerd shim (Rust): id: io.containerd.kata.v2, version: 3.30.0, commit: abc',
      '3.30.0 (Rust)',
    ],
    // runtime/cmd/containerd-shim-kata-v2/main.go and runtime-rs crates/shim/src/bin/main.rs of 4.1.0
    [
      'Kata Containers containerd shim (Golang): id: "io.containerd.kata.v2", version: 4.1.0, commit: ddcb1ad8d2',
      '4.1.0',
    ],
    [
      'Kata Containers containerd shim (Rust): id: io.containerd.kata.v2, version: 4.1.0, commit: ddcb1ad8d2',
      '4.1.0 (Rust)',
    ],
    ['kata-runtime  : 1.12.1', '1.12.1'],
    ['kata-runtime  : 3.0.0-alpha1', '3.0.0-alpha1'],
    ['something else', 'something else'],
  ])('%s → %s', (printed, version) => expect(kataVersion(printed)).toBe(version));

  test('is known as too old for a Docker, or not', () => {
    expect(tooOldFor('28.0.1', '3.25.0')).toBe(true);
    expect(tooOldFor('28.0.1', '3.29.0')).toBe(false);
    expect(tooOldFor('28.0.1', '3.29.0 (Rust)')).toBe(true);
    expect(tooOldFor('29.5.0', '3.31.0')).toBe(true);
    expect(tooOldFor('29.5.0', '3.32.0 (Rust)')).toBe(false);
    expect(tooOldFor('29.5.0', '4.0.0 (Rust)')).toBe(false);
    expect(tooOldFor('26.1.5+dfsg1', '1.12.1')).toBe(false);
    expect(tooOldFor('28.0.1', null)).toBe(false);
    expect(tooOldFor('dev', '1.12.1')).toBe(false);
    expect([isKata1('1.12.1'), isKata1('3.25.0'), isKata1(null)]).toEqual([true, false, false]);
  });
});

test.each([
  ['20.10.24', 'too old', true],
  ['25.0.3', 'Kata 2.x and 3.x; Kata 4.x is made for Docker 26', false],
  ['26.0.0', '26.0.1', true],
  ['26.1.5+dfsg1', 'Kata 2.x, 3.x and 4.x', false],
  ['27.5.1', 'Kata 2.x, 3.x and 4.x', false],
  ['28.0.0', '3.29.0 or later (3.30.0 with its Rust runtime)', false],
  ['29.4.9', '3.29.0', false],
  ['29.5.0', '3.32.0 or later', false],
  ['dev', '3.29.0', false],
])('Docker %s: %s', (version, words, unfit) => {
  expect(kataFor(version).text).toContain(words);
  expect(unfitForKata(version)).toBe(unfit);
});

test('without a version, all that is known is said', () =>
  expect(kataFor(undefined).text).toContain('3.29.0'));

describe('cgroups of a sandbox', () => {
  test('are named after the whole id, and after nothing else', () => {
    expect(kataOverhead.of(id)[0]).toBe(`kata_overhead/${id}`);
    for (const other of ['', '..', 'c0ffee', id.toUpperCase(), `${id}/..`, `${id}0`])
      expect(() => kataOverhead.of(other)).toThrow(RangeError);
  });

  test('tell their container by a name that is Kata’s', () => {
    expect(kataOverhead.containerOf(`kata_${id}`)).toBe(id);
    for (const other of [id, `kata_${id.slice(1)}`, 'kata_overhead', `xkata_${id}`])
      expect(kataOverhead.containerOf(other)).toBeNull();
  });
});
