import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { identifiedHost, portAddresses, productId } from '../../../src/core/host/host-identity.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'marks-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function product(text: string): Promise<void> {
  await mkdir(join(root, 'sys/class/dmi/id'), { recursive: true });
  await writeFile(join(root, 'sys/class/dmi/id/product_uuid'), text);
}

async function port(name: string, address: string, { kind = '0', isVirtual = false } = {}): Promise<void> {
  const path = join(root, 'sys/class/net', name);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'address'), `${address}\n`);
  await writeFile(join(path, 'addr_assign_type'), `${kind}\n`);
  if (!isVirtual) await symlink('/nowhere', join(path, 'device'));
}

describe('the UUID of the firmware', () => {
  test('is taken without its hyphens', async () => {
    await product('4C4C4544-0042-3010-8053-B7C04F564432\n');
    expect(productId(root)).toBe('4c4c45440042301080 53b7c04f564432'.replace(' ', ''));
  });

  test.each([
    ['all zero', '00000000-0000-0000-0000-000000000000'],
    ['all ones', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'],
    ['a placeholder', '03000200-0400-0500-0006-000700080009'],
    ['no UUID', 'Not Specified'],
  ])('is none where it is %s', async (_, text) => {
    await product(text);
    expect(productId(root)).toBeNull();
  });

  test('is none where it is not there', () => {
    expect(productId(root)).toBeNull();
  });
});

describe('addresses of ports', () => {
  test('are those of devices, and permanent', async () => {
    await port('eth1', '08:00:27:AB:cd:ef');
    await port('eth0', '08:00:27:00:00:01');
    await port('docker0', '02:42:00:00:00:01', { kind: '3', isVirtual: true });
    await port('veth1', 'aa:bb:cc:dd:ee:ff', { isVirtual: true });
    await port('usb0', 'aa:bb:cc:00:00:01', { kind: '1' });
    await port('ib0', '00:00:00:00:00:00');
    await port('odd', '../../etc/passwd');
    expect(portAddresses(root)).toEqual(['08:00:27:00:00:01', '08:00:27:ab:cd:ef']);
  });

  test('are none without ports', () => {
    expect(portAddresses(root)).toEqual([]);
  });
});

test('marks are hashed, and stay', () => {
  const { id, marks } = identifiedHost();
  expect(identifiedHost()).toEqual({ id, marks });
  const all = [marks.product ?? [], marks.ports ?? [], marks.boot ?? []].flat();
  for (const each of [id, ...all]) expect(each).toMatch(/^[0-9a-f]{16}$/);
  if (marks.key !== undefined) expect(marks.key).toMatch(/^[0-9a-f]{16} [0-9a-f]{16}$/);
});
