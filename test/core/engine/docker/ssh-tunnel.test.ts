import { describe, expect, it } from 'vitest';
import { sshComplaint, sshTarget } from '../../../../src/core/engine/docker/ssh-tunnel.ts';

describe('what ssh says becomes what is missing', () => {
  it.each([
    ['Host key verification failed.', 'unknown here', 'accept it once by hand'],
    ['me@far: Permission denied (publickey).', 'cannot log in', 'ssh-add'],
    ['ssh: Could not resolve hostname far: Name or service not known', 'cannot be resolved', 'address'],
    ['ssh: connect to host far port 22: Connection refused', 'no ssh server', 'sshd'],
    ['ssh: connect to host far port 22: Connection timed out', 'does not answer', 'firewall'],
    ['something else\nkex_exchange_identification: read', 'ssh says: kex_exchange_identification', 'by hand'],
    ['', 'without a message', 'by hand'],
  ])('%s', (stderr, message, fix) => {
    const complaint = sshComplaint(stderr, 'far');
    expect(complaint.message.text).toContain(message);
    expect(complaint.fix.text).toContain(fix);
  });
});

it('a host is never taken for an option of ssh', () => {
  const address = { kind: 'ssh', host: 'far', port: 2222, user: 'me', socket: '/s', shown: '' } as const;
  expect(sshTarget(address)).toEqual(['-p', '2222', '-l', 'me', '--', 'far']);
});
