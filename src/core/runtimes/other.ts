import type { Family } from './family.ts';

/** Everything that no other family recognises: a wrapper script of any name, or an unknown runtime. */
export default {
  id: 'other',
  product: null,
  order: 1_000,
  recognition: null,
  kernel: 'unknown',
  colors: ['#d55e00', '#7a3600', '#f29a5c', '#6b6b6b', '#a8a8a8'],
  programs: [],
  networkStack: () => null,
  // Railcar is no longer developed and has no family.
  role: (name) => (name === 'railcar' ? 'runtime' : null),
  failures: [],
  recordedFlags: [],
  recordedOptions: [],
  packages: [],
  checks: [],
} satisfies Family;
