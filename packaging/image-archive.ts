import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { execa } from 'execa';

interface ImageContent {
  /** The root file system, a tar file. */
  readonly rootfs: string;
  readonly version: string;
  readonly architecture: string;
  /** A directory for what comes between. */
  readonly scratch: string;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** How a container of it starts. What the private engine keeps must not lie on an overlay: overlays do not stack. */
const settings = {
  Entrypoint: ['/usr/bin/ocibench'],
  Cmd: ['--help'],
  Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C.UTF-8'],
  WorkingDir: '/work',
  Volumes: { '/var/lib/ocibench': {}, '/root/.cache/ocibench': {} },
};

/**
 * Writes an image of one layer as an archive that is both an OCI image layout (image-spec, image-layout.md) and what
 * `docker load` reads of older engines (`manifest.json`).
 */
export async function writeImageArchive(archive: string, content: ImageContent): Promise<void> {
  const { rootfs, version, architecture, scratch } = content;
  const layout = join(scratch, 'layout');
  const blobs = join(layout, 'blobs/sha256');
  await mkdir(blobs, { recursive: true });
  const put = async (value: object) => {
    const text = JSON.stringify(value);
    const digest = createHash('sha256').update(text).digest('hex');
    await writeFile(join(blobs, digest), text);
    return { digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
  };
  const compressed = join(scratch, 'layer.tar.gz');
  await pipeline(createReadStream(rootfs), createGzip({ level: 6 }), createWriteStream(compressed));
  const layer = await sha256(compressed);
  await rename(compressed, join(blobs, layer));
  const config = await put({
    architecture,
    os: 'linux',
    config: settings,
    rootfs: { type: 'layers', diff_ids: [`sha256:${await sha256(rootfs)}`] },
    history: [{ created_by: `ocibench ${version} and Debian packages` }],
  });
  const kind = 'application/vnd.oci.image';
  const manifest = await put({
    schemaVersion: 2,
    mediaType: `${kind}.manifest.v1+json`,
    config: { mediaType: `${kind}.config.v1+json`, ...config },
    layers: [
      {
        mediaType: `${kind}.layer.v1.tar+gzip`,
        digest: `sha256:${layer}`,
        size: (await stat(join(blobs, layer))).size,
      },
    ],
  });
  const tag = `ocibench:${version}`;
  const annotations = {
    'io.containerd.image.name': `docker.io/library/${tag}`,
    'org.opencontainers.image.ref.name': version,
  };
  const index = {
    schemaVersion: 2,
    mediaType: `${kind}.index.v1+json`,
    manifests: [{ mediaType: `${kind}.manifest.v1+json`, ...manifest, annotations }],
  };
  const blob = (digest: string) => `blobs/sha256/${digest.replace('sha256:', '')}`;
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(layout, 'index.json'), JSON.stringify(index));
  await writeFile(
    join(layout, 'manifest.json'),
    JSON.stringify([{ Config: blob(config.digest), RepoTags: [tag], Layers: [blob(layer)] }]),
  );
  const names = ['oci-layout', 'index.json', 'manifest.json', 'blobs'];
  const owned = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
  await execa('tar', ['-cf', archive, ...owned, '-C', layout, ...names]);
}
