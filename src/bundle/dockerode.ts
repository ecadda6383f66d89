import type { Bundle } from './bundle.ts';
import { bundleCommonJs } from './common-js.ts';

/**
 * What dockerode needs to build images with BuildKit and to reach a daemon through its own ssh, neither of which ocibench does.
 * They are 11 MB, and those with native parts run scripts when they are installed.
 */
const unused = ['@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs', 'ssh2'];

/** Bundles dockerode without what ocibench does not use of it. */
export function bundleDockerode(): Promise<Bundle> {
  return bundleCommonJs('src/engine/docker/dockerode.ts', unused);
}
