import { external } from '../../../messages/compose.ts';
import { messages, reasons } from '../../../messages/define.ts';
import { fail, ok, warn } from '../../../model/machine/check.ts';
import { daemonSettings, engineTraits } from '../../../model/runtime/engine-kind.ts';
import { familyOf } from '../../../runtimes/registry.ts';
import type { EngineCheck } from '../engine-check.ts';

const words = messages('doctor.engineCgroupDriver', { title: "engine's cgroup driver" });
const doubts = reasons('doctor.engineCgroupDriver', {
  none: {
    message:
      'none (rootless without delegation): no limit is applied and nothing is accounted per container. Impact: high',
    fix: 'delegate the controllers to the user (systemd: Delegate=yes on user@.service), or use a daemon that runs as root',
  },
  cgroupfs: {
    message:
      'cgroupfs on cgroup v2: where systemd runs, both manage the same tree and systemd may take controllers away. Impact: medium',
    fix: 'set "exec-opts": ["native.cgroupdriver=systemd"] in {file}; {restart}',
  },
});

export default {
  id: 'engine-cgroup-driver',
  order: 2,
  title: words.title,
  impact: 'high',
  check: ({ engine, families }) => {
    const { cgroupDriver: driver, cgroupVersion } = engine;
    if (driver === 'none') return fail(doubts.none);
    if (driver === 'cgroupfs' && cgroupVersion === '2' && !engineTraits(engine).isPrivate)
      return warn(doubts.cgroupfs(daemonSettings(engine)));
    const [note] = families.flatMap((id) => familyOf(id).systemdDriverNote ?? []);
    return ok(driver === 'systemd' && note !== undefined ? note : external(driver));
  },
} satisfies EngineCheck;
