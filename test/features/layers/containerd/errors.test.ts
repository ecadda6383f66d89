import { status } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { EngineError } from '../../../../src/core/engine/engine.ts';
import { toEngineError, unlessGone, unlessThere } from '../../../../src/features/layers/containerd/errors.ts';

const answered = (code: status, details: string) =>
  Object.assign(new Error(`${code} ${status[code]}: ${details}`), { code, details });

test('containerd’s own text is the message, without what gRPC puts around it', () => {
  const said =
    'failed to create shim task: OCI runtime create failed: exec: "/nothing": stat /nothing: no such file or directory: unknown';
  const error = toEngineError(answered(status.UNKNOWN, said));
  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({ message: said, connectionLost: false, statusCode: null });
});

// As grpc-js and containerd 1.7 said it when containerd, or a shim, was killed.
test.each([
  ['No connection established. Last error: connect ENOENT /run/c.sock (2026-11-26T16:00:00.000Z)', true],
  ['No connection established. Last error: connect ECONNREFUSED /run/c.sock', true],
  ['Connection dropped', true],
  ['ttrpc: closed', false],
])('unavailable: %s', (details, connectionLost) => {
  expect(toEngineError(answered(status.UNAVAILABLE, details))).toMatchObject({ connectionLost });
});

test('a call that the harness gave up on says so, and is no lost connection', () => {
  const error = toEngineError(answered(status.CANCELLED, 'Cancelled on client'));
  expect(error).toMatchObject({ message: 'the call timed out', connectionLost: false });
});

test('errors of other kinds keep their text, and errors of the engine stay themselves', () => {
  expect(toEngineError(new TypeError('odd')).message).toBe('TypeError: odd');
  const own = new EngineError('own', null);
  expect(toEngineError(own)).toBe(own);
});

test('removing what is not there, and making what is there, is no error; anything else is', async () => {
  const fail = (code: status) => Promise.reject(toEngineError(answered(code, 'task abc')));
  expect(await unlessGone(fail(status.NOT_FOUND))).toBeNull();
  expect(await unlessGone(Promise.resolve(7))).toBe(7);
  await expect(unlessGone(fail(status.FAILED_PRECONDITION))).rejects.toThrow('task abc');
  expect(await unlessThere(fail(status.ALREADY_EXISTS))).toBeUndefined();
  await expect(unlessThere(fail(status.NOT_FOUND))).rejects.toThrow('task abc');
});
