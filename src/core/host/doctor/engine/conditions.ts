import { external, joined } from '../../../messages/compose.ts';
import { messages, reasons } from '../../../messages/define.ts';
import type { Message } from '../../../messages/message.ts';
import { fail, ok, warn } from '../../../model/machine/check.ts';
import { type EngineConditions, namelessMark } from '../../../model/machine/host.ts';
import { daemonSettings, engineTraits } from '../../../model/runtime/engine-kind.ts';
import type { EngineCheck } from '../engine-check.ts';

const words = messages('doctor.engineConditions', {
  title: "the daemon's settings for all containers",
  seccomp: 'seccomp profile {profile}',
  ulimits: 'default ulimits {limits}',
  log: 'log driver {driver}, which measured containers do not use',
});
const doubts = reasons('doctor.engineConditions', {
  unfiltered: {
    message:
      '{all}: no system call of a container is filtered. Figures differ from those under Docker’s profile, and this host is less safe. Impact: medium',
    fix: 'remove "seccomp-profile" from {file}; {restart}',
  },
  nameless: {
    message:
      'default-ulimits {limits}: an entry has no "Name", which dockerd does not take from the key, and no container starts',
    fix: 'add to each entry of "default-ulimits" in {file} its "Name", such as "Name": "nofile"; {restart}',
  },
  noSeccomp: {
    message:
      '{all}: no system call of a container is filtered. Figures differ from those under Docker’s profile, and this host is less safe. Impact: medium',
    fix: 'use a kernel and a daemon with seccomp:  grep SECCOMP /boot/config-$(uname -r)',
  },
  ownProfile: {
    message: '{all}: figures are those of this profile, not of Docker’s own. Impact: medium',
    fix: 'to measure without it, remove "seccomp-profile" from {file}; {restart}',
  },
});

/** What is known of the settings, in a line. */
function settings({ seccomp, defaultUlimits, logDriver }: EngineConditions): Message {
  const known = [
    ...(seccomp === undefined ? [] : [words.seccomp({ profile: seccomp })]),
    ...(defaultUlimits === undefined ? [] : [words.ulimits({ limits: defaultUlimits })]),
    ...(logDriver === undefined ? [] : [words.log({ driver: logDriver })]),
  ];
  return known.length === 0 ? external('') : joined(known, 'semicolon');
}

const conditions: EngineCheck = {
  id: 'engine-conditions',
  order: 7,
  title: words.title,
  impact: 'medium',
  check: ({ engine }) => {
    const { conditions: found = {} } = engine;
    const all = settings(found);
    if (all.text === '') return null;
    const where = { all, ...daemonSettings(engine) };
    const { defaultUlimits: limits = '' } = found;
    if (limits.includes(namelessMark)) return fail(doubts.nameless({ limits, ...daemonSettings(engine) }));
    if (found.seccomp === 'unconfined') return warn(doubts.unfiltered(where));
    if (found.seccomp === 'none') return warn(doubts.noSeccomp({ all }));
    if (found.seccomp?.startsWith('/') && !isStandard(found.seccomp)) return warn(doubts.ownProfile(where));
    return engineTraits(engine).isPrivate ? null : ok(all);
  },
};
export default conditions;

/** podman has its standard profile in a file. */
const isStandard = (profile: string) => profile.startsWith('/usr/share/containers/seccomp.json');
