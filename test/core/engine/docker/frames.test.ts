import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameReader } from '../../../../src/core/engine/docker/container.ts';

function frame(stream: 1 | 2, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

test('streams are separated however the frames are cut', () => {
  const parts = fc.array(fc.tuple(fc.constantFrom<1 | 2>(1, 2), fc.string()), { maxLength: 8 });
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 11 }), (frames, step) => {
      const bytes = Buffer.concat(frames.map(([stream, text]) => frame(stream, text)));
      const got = { stdout: '', stderr: '' };
      const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
      const feed = frameReader((name, payload) => chunks[name].push(Buffer.from(payload)));
      for (let at = 0; at < bytes.length; at += step) feed(bytes.subarray(at, at + step));
      got.stdout = Buffer.concat(chunks.stdout).toString();
      got.stderr = Buffer.concat(chunks.stderr).toString();
      const want = (stream: 1 | 2) =>
        Buffer.concat(frames.filter(([s]) => s === stream).map(([, t]) => Buffer.from(t))).toString();
      expect(got).toEqual({ stdout: want(1), stderr: want(2) });
    }),
  );
});
