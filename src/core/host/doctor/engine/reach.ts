import { external } from '../../../messages/compose.ts';
import { messages, reasons } from '../../../messages/define.ts';
import { ok, warn } from '../../../model/machine/check.ts';
import { isLoopback } from '../../../model/runtime/unreachable-engine.ts';
import type { EngineCheck } from '../engine-check.ts';

const words = messages('doctor.engineLocal', { title: 'engine on this host' });
const doubts = reasons('doctor.engineLocal', {
  rootless: {
    message:
      'rootless: its containers run in cgroups of its user, where ocibench cannot create any. CPU and memory come from the Docker stats API. Memory footprint, PSS, I/O, pressure, engine CPU and leftovers are absent. Impact: high',
    fix: 'use a daemon that runs as root, or --engine embedded',
  },
  unproven: {
    message:
      '{endpoint} may be a forwarded port: no dockerd of this machine was seen accepting the connection. Cgroups and processes are therefore not read, and every latency includes the network. Impact: high',
    fix: 'use the socket of the daemon, or run ocibench on its machine; only root can see who accepts a connection',
  },
  remote: {
    message:
      '{endpoint} is another machine: cgroups and processes cannot be read, and every latency includes the network. Impact: high',
    fix: 'run ocibench on the machine of the engine',
  },
  otherKernel: {
    message:
      '{endpoint} runs under another kernel than ocibench (a virtual machine or a forwarded socket). Cgroups and processes cannot be read, and every latency includes the connection. Impact: high',
    fix: 'run ocibench on the machine of the engine',
  },
});

export default {
  id: 'engine-local',
  order: 4,
  title: words.title,
  impact: 'high',
  check: ({ engine: { endpoint, local, hidden = 'remote' } }) => {
    if (local) return ok(external(endpoint));
    if (hidden === 'rootless') return warn(doubts.rootless);
    if (hidden === 'other-kernel') return warn(doubts.otherKernel({ endpoint }));
    return warn((isLoopback(endpoint) ? doubts.unproven : doubts.remote)({ endpoint }));
  },
} satisfies EngineCheck;
