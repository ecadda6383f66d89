import { expect, test } from 'vitest';
import { queryOf, stateOf } from '../../../src/report/page/state.ts';

test('a state comes back from its address', () => {
  const state = { hidden: new Set(['1', '2']), search: 'fio rand & bind', differences: true, theme: 'dark' };
  expect(queryOf(state)).toBe('?q=fio+rand+%26+bind&differences=1&hide=1,2&theme=dark');
  expect(stateOf(queryOf(state))).toEqual(state);
});

test('what is as at first is left out of the address', () => {
  expect(queryOf(stateOf(''))).toBe('');
});

test('an address that somebody wrote by hand gives no other theme', () => {
  expect(stateOf('?theme=red&hide=').theme).toBe('auto');
  expect(stateOf('?hide=').hidden.size).toBe(0);
});
