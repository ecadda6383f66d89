import { messages, reasons } from '../../../messages/define.ts';
import { fail, ok, unknown, warn } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.clockStep', {
  title: 'smallest step of the clock',
  unseen: 'not examined',
  fine: '{ns} ns',
  step: '{us} µs',
  still: 'the clock stands still',
  other: 'choose another clock source, or measure on another machine',
});
const doubts = reasons('doctor.clockStep', {
  coarse: {
    message:
      '{step}: samples take only a few distinct values, so medians jump and ties are common. Impact: high for system calls, low for starts',
  },
  tooCoarse: {
    message:
      '{step}: samples take only a few distinct values, so medians jump and ties are common. Impact: high',
  },
});

export default {
  id: 'clock-step',
  order: 10,
  title: words.title,
  impact: 'high',
  check: ({ around: { clockStepNs: ns = null } }) => {
    if (ns === null) return unknown(words.unseen);
    if (ns <= 1_000) return ok(words.fine({ ns }));
    const step = Number.isFinite(ns) ? words.step({ us: ns / 1_000 }) : words.still;
    const values = { step, fix: words.other };
    return ns <= 1_000_000 ? warn(doubts.coarse(values)) : fail(doubts.tooCoarse(values));
  },
} satisfies HostCheck;
