import { afterEach, expect, test, vi } from 'vitest';
import { type CurrentUser, findHeir, myself, otherHand } from '../../../src/core/files/walk.ts';

const root: CurrentUser = { uid: 0, sudoUid: null };
const hand = (uid: number, gid: number, mode: number, me = root) =>
  otherHand('/x', { uid, gid, mode }, me)?.text ?? null;

test('what belongs to root, to this user, or to who became root by sudo is their own', () => {
  expect(hand(0, 0, 0o100644)).toBeNull();
  expect(hand(1000, 1000, 0o100644, { uid: 1000, sudoUid: null })).toBeNull();
  expect(hand(0, 0, 0o100644, { uid: 1000, sudoUid: null })).toBeNull();
  expect(hand(1000, 1000, 0o40755, { uid: 0, sudoUid: 1000 })).toBeNull();
});

test.each([
  ['belongs to another user', 1000, 1000, 0o100600, 'belongs to user 1000'],
  ['is for everybody to write', 0, 0, 0o100666, 'can be written by every user'],
  ['is a directory as /tmp', 0, 0, 0o41777, 'can be written by every user'],
  ['is for a group to write', 0, 100, 0o100664, 'can be written by group 100'],
  ["is for root's group to write", 0, 0, 0o100664, 'can be written by group 0'],
])('what %s is not', (_, uid, gid, mode, how) => {
  expect(hand(uid, gid, mode)).toBe(`/x ${how}`);
});

test("a group of a user's own is no other user", () => {
  expect(hand(1000, 1000, 0o100664, { uid: 0, sudoUid: 1000 })).toBeNull();
  expect(hand(1000, 100, 0o100664, { uid: 0, sudoUid: 1000 })).toContain('group 100');
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test.each([
  ['1000', 0, 1000],
  ['1000', 1001, null],
  ['', 0, null],
  ['-1', 0, null],
  ['0x10', 0, null],
])('SUDO_UID=%s of user %d is the user %s', (value, uid, sudoUid) => {
  vi.stubEnv('SUDO_UID', value);
  vi.spyOn(process, 'geteuid').mockReturnValue(uid);
  expect(myself()).toEqual({ uid, sudoUid });
});

test('the group of the user who typed sudo is known to root alone', () => {
  vi.stubEnv('SUDO_UID', '1000');
  vi.stubEnv('SUDO_GID', '100');
  vi.spyOn(process, 'geteuid').mockReturnValue(0);
  expect(myself()).toEqual({ uid: 0, sudoUid: 1000, sudoGid: 100 });
  vi.spyOn(process, 'geteuid').mockReturnValue(1001);
  expect(myself()).toEqual({ uid: 1001, sudoUid: null });
});

test.each([
  ['in the user’s own directory', 1000, 0o40755, { uid: 0, sudoUid: 1000, sudoGid: 100 }, [1000, 100]],
  ['without a group', 1000, 0o40755, { uid: 0, sudoUid: 1000 }, [1000, 1000]],
  ['in a directory of root, such as /etc', 0, 0o40755, { uid: 0, sudoUid: 1000 }, null],
  ['in /tmp', 0, 0o41777, { uid: 0, sudoUid: 1000 }, null],
  ['by root without sudo', 1000, 0o40755, { uid: 0, sudoUid: null }, null],
  ['by a user', 1000, 0o40755, { uid: 1000, sudoUid: null }, null],
])('what is made %s', (_, uid, mode, me, expected) => {
  const heir = findHeir({ uid, gid: uid, mode }, me);
  expect(heir && [heir.uid, heir.gid]).toEqual(expected);
});

test('a directory made in /tmp is of the user who typed sudo', () => {
  expect(findHeir({ uid: 0, gid: 0, mode: 0o41777 }, { uid: 0, sudoUid: 1000 }, true)).toEqual({
    uid: 1000,
    gid: 1000,
  });
});
