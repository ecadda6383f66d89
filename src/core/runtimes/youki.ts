import { messages } from '../messages/define.ts';
import type { Family } from './family.ts';
import { hostNetworkStack, runcFlags, runcShimOptions } from './host-kernel.ts';
import { youkiReleased } from './release-dates.ts';

const origin = messages('runtime.youki', {
  current: 'a program for each release: https://github.com/youki-dev/youki/releases',
});

/** youki: an OCI runtime like runc, in Rust. */
export default {
  id: 'youki',
  product: 'youki',
  order: 4,
  recognition: { pattern: /youki/i, priority: 2 },
  kernel: 'host',
  colors: ['#56b4e9', '#2a7fb0', '#a5d8f5'],
  released: youkiReleased,
  current: origin.current,
  programs: [{ name: 'youki', entry: () => ({ name: 'youki', path: 'youki' }) }],
  networkStack: hostNetworkStack,
  role: (name) => (name === 'youki' ? 'runtime' : null),
  failures: [],
  recordedFlags: [...runcFlags, 'log-level'],
  recordedOptions: runcShimOptions,
  packages: [],
  checks: [],
} satisfies Family;
