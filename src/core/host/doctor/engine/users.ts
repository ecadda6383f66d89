import { messages } from '../../../messages/define.ts';
import { ok } from '../../../model/machine/check.ts';
import type { EngineCheck } from '../engine-check.ts';

const words = messages('doctor.engineUserns', {
  title: 'user namespaces',
  remapped:
    'userns-remap: root in containers is user {uid} of the host, whatever the runtime; image files belong to that user too',
});

export default {
  id: 'engine-userns',
  order: 6,
  title: words.title,
  impact: 'low',
  check: ({ engine: { userns } }) =>
    userns === undefined ? null : ok(words.remapped({ uid: String(userns.uid) })),
} satisfies EngineCheck;
