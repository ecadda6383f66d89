import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { containerdApi } from '../../../../scripts/containerd-api.ts';
import { containerdProtocol, specAny } from '../../../../src/features/layers/containerd/protocol.ts';

const protocol = containerdProtocol();

/** A length-delimited field of protobuf's wire format, whose length fits one byte. */
const field = (number: number, value: Uint8Array | string) =>
  Buffer.concat([Buffer.from([(number << 3) | 2, value.length]), Buffer.from(value)]);

test('the messages are those of containerd’s own files (write them anew with: node scripts/containerd-api.ts)', async () => {
  const file = new URL('../../../../src/features/layers/containerd/api.json', import.meta.url);
  expect(await readFile(file, 'utf8')).toBe(await containerdApi());
});

describe('messages on the wire', () => {
  test('a request has the fields of containerd’s descriptions, by their numbers', () => {
    const { path, encode } = protocol.method('tasks', 'Wait');
    expect(path).toBe('/containerd.services.tasks.v1.Tasks/Wait');
    expect(encode({ containerId: 'ab', execId: 'c' })).toEqual(
      Buffer.concat([field(1, 'ab'), field(2, 'c')]),
    );
  });

  test('an answer has every field, integers as numbers and enumerations by name', () => {
    const { decode } = protocol.method('tasks', 'Wait');
    expect(decode(Buffer.from([0x08, 0x89, 0x01]))).toEqual({ exitStatus: 137, exitedAt: null });
    expect(decode(Buffer.alloc(0))).toEqual({ exitStatus: 0, exitedAt: null });
    const content = protocol.method('content', 'Write');
    expect(content.decode(Buffer.from([0x08, 0x02, 0x28, 0x05]))).toMatchObject({
      action: 'COMMIT',
      total: 5,
    });
  });

  test('a method that is not there is a fault of the caller', () => {
    expect(() => protocol.method('tasks', 'Destroy')).toThrow(
      'containerd.services.tasks.v1.Tasks has no Destroy',
    );
  });
});

describe('messages in messages', () => {
  test('options of a shim travel under the name of their type', () => {
    const options = { binaryName: '/usr/bin/crun', shimCgroup: '/t/rt', systemdCgroup: false };
    const { type_url: typeUrl, value } = protocol.any('containerd.runc.v1.Options', options);
    expect(typeUrl).toBe('containerd.runc.v1.Options');
    expect(value).toEqual(
      Buffer.concat([field(3, '/t/rt'), field(6, '/usr/bin/crun'), Buffer.from([0x48, 0])]),
    );
  });

  test('what containerd packs is unpacked, whether its name has a prefix or not', () => {
    const value = field(1, 'abc');
    for (const typeUrl of ['containerd.events.TaskOOM', 'types.containerd.io/containerd.events.TaskOOM'])
      expect(protocol.unpack({ type_url: typeUrl, value })).toEqual({ containerId: 'abc' });
    expect(() => protocol.unpack({ type_url: 'containerd.events.Unheard', value })).toThrow('no such type');
  });

  test('a specification is JSON under the name that containerd’s shims expect', () => {
    const { type_url: typeUrl, value } = specAny('Process', { args: ['sh'] });
    expect(typeUrl).toBe('types.containerd.io/opencontainers/runtime-spec/1/Process');
    expect(JSON.parse(Buffer.from(value).toString())).toEqual({ args: ['sh'] });
  });
});
