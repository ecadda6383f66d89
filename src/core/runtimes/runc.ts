import { messages } from '../messages/define.ts';
import type { Family } from './family.ts';
import { hostNetworkStack, runcFlags, runcShimOptions } from './host-kernel.ts';
import { runcReleased } from './release-dates.ts';

const origin = messages('runtime.runc', {
  current: 'Docker’s packages include a current runc: https://docs.docker.com/engine/install/',
});

/** runc, which dockerd includes: the usual baseline. */
export default {
  id: 'runc',
  product: 'runc',
  order: 0,
  recognition: { pattern: /runc/i, priority: 5 },
  kernel: 'host',
  // Okabe and Ito's colours, distinguishable with any colour blindness (jfly.uni-koeln.de/color).
  colors: ['#0072b2', '#003f66', '#66b2dd'],
  released: runcReleased,
  current: origin.current,
  programs: [{ name: 'runc', entry: () => null }],
  networkStack: hostNetworkStack,
  role: (name) => (name === 'runc' ? 'runtime' : null),
  failures: [],
  recordedFlags: runcFlags,
  recordedOptions: runcShimOptions,
  packages: [],
  checks: [],
} satisfies Family;
