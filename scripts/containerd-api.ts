/**
 * `node scripts/containerd-api.ts`: writes src/features/layers/containerd/api.json anew, containerd's messages and services as
 * protobufjs reads them. It is made from the files of `scripts/protos/`, which are containerd's own: one file instead of many, and no
 * parser in the package.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import protobuf from 'protobufjs';

const protos = resolve(import.meta.dirname, 'protos');
const target = resolve(import.meta.dirname, '../src/features/layers/containerd/api.json');

/** Google's own messages that containerd's refer to. */
const common = ['any', 'empty', 'field_mask', 'timestamp'];

/** The content of api.json. */
export async function containerdApi(): Promise<string> {
  const root = new protobuf.Root();
  for (const name of common) root.addJSON(protobuf.common.get(`google/protobuf/${name}.proto`)?.nested ?? {});
  const files = await readdir(protos, { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.proto')).toSorted())
    protobuf.parse(await readFile(join(protos, file), 'utf8'), root);
  return `${JSON.stringify(root.toJSON())}\n`;
}

if (import.meta.main) await writeFile(target, await containerdApi());
