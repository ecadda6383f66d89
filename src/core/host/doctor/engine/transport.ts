import { messages, reasons } from '../../../messages/define.ts';
import { warn } from '../../../model/machine/check.ts';
import type { EngineCheck } from '../engine-check.ts';

const words = messages('doctor.engineTransport', { title: 'connection to the engine' });
const doubts = reasons('doctor.engineTransport', {
  unprotected: {
    message:
      'not protected (--set insecureTcp=true): anyone on that network can read it, change it and become root on that host',
    fix: 'use TLS with client certificates (DOCKER_TLS_VERIFY, DOCKER_CERT_PATH), or ssh://',
  },
});

export default {
  id: 'engine-transport',
  order: 5,
  title: words.title,
  impact: 'high',
  check: ({ engine }) => (engine.transport === 'tcp' ? warn(doubts.unprotected) : null),
} satisfies EngineCheck;
