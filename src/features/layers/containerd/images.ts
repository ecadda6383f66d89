import { createHash } from 'node:crypto';
import type { ReadStream } from 'node:fs';
import type { ContainerdClient } from './client.ts';
import { unlessThere } from './errors.ts';

/** A mount of a directory or an overlay, in containerd's own format. */
export interface SnapshotMount {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly options: readonly string[];
}

/** An unpacked image. */
export interface UnpackedImage {
  /** Digest of its tar: `sha256:…`. */
  readonly id: string;
  readonly bytes: number;
  /** Name of its snapshot. */
  readonly snapshot: string;
}

const layerType = 'application/vnd.oci.image.layer.v1.tar';

/** Stores a tar in containerd's content store; resolves with its digest and size. Rejects with EngineError. */
async function storeContent(client: ContainerdClient, lease: string, name: string, tar: ReadStream) {
  const stream = client.exchange('content', 'Write', { lease });
  const hash = createHash('sha256');
  let offset = 0;
  for await (const chunk of tar as AsyncIterable<Buffer>) {
    hash.update(chunk);
    stream.write({ action: 'WRITE', ref: name, offset, data: chunk });
    offset += chunk.length;
    await stream.next();
  }
  const digest = `sha256:${hash.digest('hex')}`;
  stream.write({ action: 'COMMIT', ref: name, total: offset, offset, expected: digest });
  await unlessThere(stream.next());
  stream.end();
  return { digest, size: offset };
}

/**
 * Unpacks a root file system's tar into a snapshot that containers start from, as if a one-layer image had been pulled. The
 * lease keeps the snapshot. Rejects with EngineError.
 */
export async function unpackImage(
  client: ContainerdClient,
  { lease, snapshotter }: { readonly lease: string; readonly snapshotter: string },
  name: string,
  tar: ReadStream,
): Promise<UnpackedImage> {
  const { digest, size } = await storeContent(client, lease, name, tar);
  const key = `unpack-${digest}`;
  const options = { lease };
  type PrepareAnswer = { readonly mounts: readonly SnapshotMount[] };
  const { mounts } = await client.call<PrepareAnswer>('snapshots', 'Prepare', { snapshotter, key }, options);
  await client.call('diff', 'Apply', { diff: { mediaType: layerType, digest, size }, mounts }, options);
  const commit = { snapshotter, name: digest, key };
  await unlessThere(client.call('snapshots', 'Commit', commit, options));
  await client.call('content', 'Delete', { digest });
  return { id: digest, bytes: size, snapshot: digest };
}
