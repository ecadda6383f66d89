import { expect, test } from 'vitest';
import { external } from '../../../../src/core/messages/compose.ts';
import { explainedRefusal, mayPass, whyNever } from '../../../../src/features/sandbox/restore/support.ts';

// Captured with dockerd 26.1 and 28.5, runc 1.1.15 and 1.3.6, crun 1.21 and 1.28.
test.each([
  [
    'could not load `libcriu.so.2`',
    'crun finds no library of CRIU:  apt-get install -y --no-install-recommends criu libcriu2',
  ],
  ['exec: "criu": executable file not found in $PATH', 'CRIU is not installed'],
  [
    'Cannot checkpoint container 10fd: /usr/bin/crun did not terminate successfully: exit status 1: error opening CRIU work directory `/run/x/criu-work`: No such file or directory',
    'dockerd gives crun a directory for CRIU that does not exist',
  ],
  [
    'bind-mount /proc/0/ns/net -> /run/x-engine2/exec/netns/1b4623b4dfc2: no such file or directory',
    'cannot restore a container without a network',
  ],
  [
    'could not delete stale containerd task object: failed to delete task: failed to delete task: cannot open directory `/run/x-engine2/exec/runtime-runc/moby/c78c87c0794172f5`: No such file or directory',
    'crun removes the state of a container that it has stored',
  ],
])('%s: can never succeed here', (said, reason) => {
  expect(whyNever(said, 'checkpoint')?.text).toContain(reason);
});

test.each([
  'failed to upload checkpoint to containerd: commit failed: content sha256:0a1b: already exists',
  'criu failed: type NOTIFY errno 0',
  'failed to get CRIU version: signal: killed',
  'the service ended without an answer: ',
])('%s: is a failure of one trial', (said) => {
  expect(whyNever(said, 'checkpoint')).toBeNull();
  expect(whyNever(said, 'restore')).toBeNull();
});

test('after a checkpoint, a program that is not there is a failed restore; what only a restore needs may be missing', () => {
  expect(whyNever('exec: "criu": executable file not found in $PATH', 'restore')).toBeNull();
  expect(whyNever('bind-mount /proc/0/ns/net -> /run/docker/netns/1: x', 'restore')).not.toBeNull();
  const stale = 'could not delete stale containerd task object: failed to delete task: ';
  expect(whyNever(`${stale}cannot open directory \`/run/x/moby/c7\``, 'restore')).not.toBeNull();
  expect(whyNever(`${stale}context deadline exceeded`, 'restore')).toBeNull();
});

// dockerd 26.1, at every second restore or so.
test('the passing refusal has the same words whatever the digest, and any other its own', () => {
  const refused = (digest: string) =>
    `failed to upload checkpoint to containerd: commit failed: content sha256:${digest}: already exists`;
  const [first, second] = ['0a1b', '2c3d'].map(refused);
  expect([mayPass(first ?? ''), mayPass('criu failed: type NOTIFY errno 0')]).toEqual([true, false]);
  expect(explainedRefusal(external(first ?? ''))).toEqual(explainedRefusal(external(second ?? '')));
  expect(explainedRefusal(external('criu failed: 0')).text).toBe('criu failed: 0');
});
