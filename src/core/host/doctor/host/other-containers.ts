import { messages, reasons } from '../../../messages/define.ts';
import { ok, unknown, warn } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.otherContainers', {
  title: 'other containers',
  unasked: 'the engine was not asked',
  none: 'none',
});
const doubts = reasons('doctor.otherContainers', {
  running: {
    message:
      '{n, plural, one {{n} running: it shares} other {{n} running: they share}} CPU, disk and page cache with the trials. Impact: medium',
    fix: 'stop them while measuring:  docker ps',
  },
});

export default {
  id: 'other-containers',
  order: 15,
  title: words.title,
  impact: 'medium',
  check: ({ around: { otherContainers: n = null } }) => {
    if (n === null) return unknown(words.unasked);
    return n === 0 ? ok(words.none) : warn(doubts.running({ n }));
  },
} satisfies HostCheck;
