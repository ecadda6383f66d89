/**
 * Makes a parser for the stream of a container without a TTY: frames of one byte stream type, three zero bytes, a
 * big-endian length and the payload (Docker Engine API, "Attach to a container"). The returned function takes chunks; a
 * frame may be split anywhere.
 */
export function frameReader(
  onPayload: (stream: 'stdout' | 'stderr', payload: Buffer) => void,
): (chunk: Buffer) => void {
  let header = Buffer.alloc(0);
  let stream: 'stdout' | 'stderr' = 'stdout';
  let remaining = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (remaining === 0) {
        const take = Math.min(8 - header.length, chunk.length - at);
        header = Buffer.concat([header, chunk.subarray(at, at + take)]);
        at += take;
        if (header.length < 8) return;
        stream = header[0] === 2 ? 'stderr' : 'stdout';
        remaining = header.readUInt32BE(4);
        header = Buffer.alloc(0);
        continue;
      }
      const payload = chunk.subarray(at, at + remaining);
      at += payload.length;
      remaining -= payload.length;
      onPayload(stream, payload);
    }
  };
}
