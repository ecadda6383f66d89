import { external, quantity } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { lookup } from '../../core/model/nearest.ts';

const flags = messages('noiseFlag', {
  steal: 'CPU taken by the hypervisor (steal)',
  'other-load': 'CPU used by other processes',
  'cpu-pressure': 'waiting for CPU (PSI)',
  'io-pressure': 'waiting for I/O (PSI)',
  'memory-pressure': 'waiting for memory (PSI)',
  'swap-in': 'pages read back from swap',
  'thermal-throttling': 'throttling of a hot CPU',
  'container-clock': 'clock of the container differs from the host’s',
});
const { above } = messages('noiseFlag', { above: '{what} above {limit}' });

/** Name of a noise flag (`steal>1%`) with its threshold; an unknown flag is returned unchanged. */
export function noiseFlagName(flag: string): Message {
  const [name = '', limit] = flag.split('>');
  const what = lookup(flags, name);
  if (what === undefined) return external(flag);
  if (limit === undefined) return what;
  const percent = /^(\d+)%$/.exec(limit)?.[1];
  return above({ what, limit: percent === undefined ? limit : quantity(Number(percent), '%') });
}
