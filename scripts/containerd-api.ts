/**
 * `node scripts/containerd-api.ts`: writes src/features/layers/containerd/api.json anew, containerd's messages and services as
 * protobufjs reads them. It is made from the files of `protos/` beside it, which are containerd's own and Kubernetes': one file instead of
 * nineteen, and no parser in the package.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import protobuf from 'protobufjs';

const place = resolve(import.meta.dirname, '../src/features/layers/containerd');

/** Google's own messages that containerd's refer to. */
const common = ['any', 'empty', 'field_mask', 'timestamp'];

/** The content of api.json. */
export async function containerdApi(): Promise<string> {
  const root = new protobuf.Root();
  for (const name of common) root.addJSON(protobuf.common.get(`google/protobuf/${name}.proto`)?.nested ?? {});
  const files = await readdir(join(place, 'protos'), { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.proto')).toSorted())
    protobuf.parse(await readFile(join(place, 'protos', file), 'utf8'), root);
  return `${JSON.stringify(root.toJSON())}\n`;
}

if (import.meta.main) await writeFile(join(place, 'api.json'), await containerdApi());
