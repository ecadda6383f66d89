import { expect, test } from 'vitest';
import { toEngineError } from '../../../../src/core/engine/docker/errors.ts';

test('the daemon’s words without what docker-modem puts around them', () => {
  const error = Object.assign(new Error('(HTTP code 500) server error - it broke '), {
    statusCode: 500,
    json: { message: 'it broke' },
  });
  expect(toEngineError(error)).toMatchObject({
    message: 'it broke',
    statusCode: 500,
    connectionLost: false,
  });
});

test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'])('%s is the connection’s fault', (code) => {
  const error = Object.assign(new Error(`connect ${code}`), { code });
  expect(toEngineError(error)).toMatchObject({ statusCode: null, connectionLost: true });
});

test('an aborted call blames neither engine nor runtime', () => {
  const error = Object.assign(new Error('The operation was aborted'), { code: 'ABORT_ERR' });
  expect(toEngineError(error)).toMatchObject({ statusCode: null, connectionLost: false });
});

test('megabytes of a runtime’s words are cut in the middle', () => {
  const words = `begin ${'x'.repeat(8_000_000)} end`;
  const { message } = toEngineError(Object.assign(new Error(words), { statusCode: 500 }));
  expect(message.length).toBeLessThan(5_000);
  expect(message).toMatch(/^begin x+ \[… \d+ characters …\] x+ end$/);
});
