import { messages, reasons } from '../../../messages/define.ts';
import { ok, unknown, warn } from '../../../model/machine/check.ts';
import type { EngineCheck } from '../engine-check.ts';

const words = messages('doctor.engineCgroup', {
  title: "engine's cgroup version",
  unseen: 'cannot be compared with this host',
  same: 'v{version}, like the host',
});
const doubts = reasons('doctor.engineCgroup', {
  different: {
    message:
      'the engine uses cgroup v{version}, but this host uses {shown}. The engine runs on another machine or in another namespace, and its cgroups cannot be read. Impact: high',
    fix: 'measure where the engine runs, or use --engine embedded',
  },
});

export default {
  id: 'engine-cgroup',
  order: 1,
  title: words.title,
  impact: 'high',
  check: ({ engine: { cgroupVersion: version, local }, host: { cgroup: shown } }) => {
    if (version === 'unknown' || shown === 'unknown' || !local) return unknown(words.unseen);
    const expected = shown === 'v2' ? '2' : '1';
    return version === expected ? ok(words.same({ version })) : warn(doubts.different({ version, shown }));
  },
} satisfies EngineCheck;
