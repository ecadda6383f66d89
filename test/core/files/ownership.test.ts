import { afterEach, expect, test, vi } from 'vitest';
import { type CurrentUser, myself, otherHand } from '../../../src/core/files/walk.ts';

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
