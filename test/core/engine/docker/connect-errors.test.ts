import { describe, expect, it } from 'vitest';
import { connectError } from '../../../../src/core/engine/docker/connect-errors.ts';

describe('what ssh says becomes what is missing', () => {
  it.each([
    ['Host key verification failed.', 'unknown here', 'accept it once by hand:  ssh ssh://me@far true'],
    ['me@far: Permission denied (publickey).', 'cannot log in', 'ssh-add'],
    ['ssh: Could not resolve hostname far: Name or service not known', 'not found', 'address'],
    ['ssh: connect to host far port 22: Connection refused', 'nothing listens', 'address'],
    ['ssh: connect to host far port 22: Connection timed out', 'does not answer', 'firewall'],
    ['kex_exchange_identification: read', 'ssh says: kex_exchange_identification', 'by hand'],
  ])('%s', (said, message, fix) => {
    const source = { file: 'environment', key: 'DOCKER_HOST' };
    const address = { kind: 'ssh', target: 'ssh://me@far', socket: '/s', shown: 'ssh://me@far' } as const;
    const attempt = { address, origin: 'DOCKER_HOST', source, tls: null, named: true };
    const { exitCode, problems } = connectError(new Error(`ssh says: ${said}`), attempt);
    expect(exitCode).toBe(3);
    expect(problems).toMatchObject([
      { ...source, message: expect.stringContaining(message), fix: expect.stringContaining(fix) },
    ]);
  });
});
