import { expect, test } from 'vitest';
import { hostAddress } from '../../../../src/features/layers/containerd/bundles.ts';

test.each([
  [{}, '/run/containerd/containerd.sock'],
  [{ CONTAINERD_ADDRESS: '' }, '/run/containerd/containerd.sock'],
  [{ CONTAINERD_ADDRESS: '/run/k3s/containerd/containerd.sock' }, '/run/k3s/containerd/containerd.sock'],
  [{ CONTAINERD_ADDRESS: 'unix:///run/c.sock', CONTAINERD_NAMESPACE: 'k8s.io' }, '/run/c.sock'],
])('the socket of the host’s containerd with %j is %s', (environment, expected) => {
  expect(hostAddress(environment)).toBe(expected);
});
