import type { Preset } from '../model/run.ts';
import type { BenchConfig } from './define-config.ts';

/**
 * What a preset chooses beside how much is measured; a configuration or a flag that says another thing counts. `hardening`: the
 * usual measures one by one, and all of them together. `gvisor-flags`:
 * flags of runsc that people change, as its registered entry has them and not. `file-access` is not among them: runsc refuses
 * `shared` beside an overlay on the root.
 */
export const presetConfig: Readonly<Partial<Record<Preset, BenchConfig>>> = {
  hardening: {
    profiles: [
      ...['plain', 'seccomp=unconfined', 'seccomp=strict', 'no-new-privileges', 'cap-drop=ALL'],
      ...['read-only', 'user', 'tmpfs', 'init', 'hardened'],
    ],
  },
  'gvisor-flags': {
    runtimes: {
      runc: {},
      'runsc-flags': {
        extends: 'runsc',
        matrix: {
          platform: ['systrap', 'ptrace'],
          overlay2: ['root:self', 'none'],
          directfs: [true, false],
        },
      },
    },
  },
};
