import { external } from '../../../messages/compose.ts';
import { messages, reasons } from '../../../messages/define.ts';
import { ok, warn } from '../../../model/check.ts';
import { isLoopback } from '../../../model/unreachable-engine.ts';
import type { EngineCheck } from '../engine-check.ts';

const words = messages('doctor.engineLocal', { title: 'engine on this host' });
const doubts = reasons('doctor.engineLocal', {
  rootless: {
    message:
      'rootless: its containers are in cgroups of its user, where the harness can place none. CPU and memory come from the Docker stats API; memory footprint, PSS, I/O, pressure, CPU of the engine and leftovers are absent. Matters much',
    fix: 'use a daemon that runs as root, or --engine embedded',
  },
  unproven: {
    message:
      '{endpoint} may be a port that is forwarded: no dockerd of this machine was seen to accept the connection, so cgroups and processes are not read, and the way there is part of every latency. Matters much',
    fix: 'use the socket of the daemon, or run ocibench on its machine; who accepts a connection is seen by root alone',
  },
  remote: {
    message:
      '{endpoint} is another machine: cgroups and processes cannot be read, and the way there is part of every latency. Matters much',
    fix: 'run ocibench on the machine of the engine',
  },
  otherKernel: {
    message:
      '{endpoint} runs under another kernel than this harness (a virtual machine, or a socket that is forwarded): cgroups and processes cannot be read, and the way there is part of every latency. Matters much',
    fix: 'run ocibench on the machine of the engine',
  },
});

const reach: EngineCheck = {
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
};
export default reach;
