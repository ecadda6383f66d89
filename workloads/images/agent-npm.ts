import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { npmLock, npmLockRoots } from '../lib/npm-lock.ts';
import { npmLockHook } from '../lib/npm-registry.ts';
import npm from './npm.ts';

const agentNpm: ImageRecipe = {
  ...npm,
  id: 'agent-npm',
  description: 'Node.js with npm, and a registry with the packages of a real lock file; bash, busybox',
  hooks: [npmLockHook(npmLock, npmLockRoots)],
};
export default agentNpm;
