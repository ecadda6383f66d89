import { createHash } from 'node:crypto';
import type { ReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../../../core/engine/engine.ts';
import { notices } from '../../../core/messages/define.ts';
import type { ContainerdClient } from '../containerd/client.ts';
import { unlessThere } from '../containerd/errors.ts';
import { type UnpackedImage, unpackImage } from '../containerd/images.ts';
import { imageName } from './pod.ts';

const text = notices('layer.cri', {
  notTaken: 'the CRI plugin did not import the image {name} within {seconds} s',
});

/** Timeout for the plugin to learn of an image from containerd's events, and polling interval, ms. */
const heardMs = 10_000;
const lookMs = 10;

/** Name of an architecture in images (GOARCH). */
const architectures: Readonly<Partial<Record<NodeJS.Architecture, string>>> = { x64: 'amd64' };

const types = {
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
} as const;

/** The containerd and lease for new images. */
interface ImageTarget {
  readonly client: ContainerdClient;
  readonly lease: string;
  readonly snapshotter: string;
}

/** Stores a document of an image; resolves with its descriptor. Rejects with EngineError. */
async function store({ client, lease }: ImageTarget, mediaType: string, value: object) {
  const data = Buffer.from(JSON.stringify(value));
  const digest = `sha256:${createHash('sha256').update(data).digest('hex')}`;
  const stream = client.exchange('content', 'Write', { lease });
  const total = data.length;
  stream.write({ action: 'COMMIT', ref: digest, total, offset: 0, data, expected: digest });
  await unlessThere(stream.next());
  stream.end();
  return { mediaType, digest, size: total };
}

/**
 * Names an unpacked image so that the CRI plugin finds it: the plugin is notified of new images in its namespace. The layer's
 * content is not stored, since its snapshot exists. Rejects with EngineError.
 */
export async function nameImage(
  place: ImageTarget,
  name: string,
  { id, bytes }: UnpackedImage,
  command: readonly string[],
): Promise<void> {
  const { client } = place;
  const config = await store(place, types.config, {
    architecture: architectures[process.arch] ?? process.arch,
    os: 'linux',
    config: { Cmd: command },
    rootfs: { type: 'layers', diff_ids: [id] },
  });
  const target = await store(place, types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config,
    layers: [{ mediaType: types.layer, digest: id, size: bytes }],
  });
  await unlessThere(client.call('images', 'Create', { image: { name, target } }));
  const deadline = performance.now() + heardMs;
  type ImageStatusAnswer = { readonly image: object | null };
  const isTaken = async () =>
    (await client.call<ImageStatusAnswer>('runtimeImages', 'ImageStatus', { image: { image: name } }))
      .image !== null;
  while (!(await isTaken())) {
    if (performance.now() > deadline)
      throw new EngineError(text.notTaken({ name, seconds: heardMs / 1_000 }), null);
    await sleep(lookMs);
  }
}

/** Unpacks an image under the name that pods use for it. Rejects with EngineError. */
export async function addImage(
  place: ImageTarget,
  reference: string,
  tar: ReadStream,
): Promise<UnpackedImage> {
  const image = await unpackImage(place.client, place, reference, tar);
  await nameImage(place, imageName(reference), image, []);
  return image;
}
