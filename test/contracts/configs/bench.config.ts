/**
 * What `./ocibench run` compares. Data only; every key may be left out, and every flag of the command line
 * goes before what is written here. `./ocibench list` shows the runtimes and workloads of this machine.
 */
import { defineConfig } from '../../../src/core/config/define-config.ts';

export default defineConfig({
  // 'quick' answers in minutes, 'standard' in half an hour, 'full' in about two hours.
  preset: 'quick',

  // The runtime that the others are compared with.
  baseline: 'runc',

  // Left out: all runtimes that daemon.json registers, or those found on PATH. A list may also hold variants,
  // which the embedded engine registers for the run; a flag given again replaces the one of `extends`:
  //   runtimes: ['runc', 'crun', 'runsc', { name: 'runsc-ptrace', extends: 'runsc', runtimeArgs: ['--platform=ptrace'] }],

  // Left out: the workloads of the preset. Ids or whole categories:
  //   workloads: ['startup', 'syscall'],

  // Left out: the preset decides. quick: 7..12 blocks within 170 s; each block holds every runtime once.
  //   blocks: { min: 10, max: 20 },
  //   maxTime: '10m',
  //   precision: '3%',

  // Left out: '100ms'. How often a container's counters are read while it runs, from '5ms' on. Shorter periods show
  // shorter peaks and cost more; run.json and the report say how much. Startup workloads are never read meanwhile.
  //   samplePeriod: '20ms',

  // A difference below `practical` is called equivalent; `alpha` is the significance level after Holm's adjustment.
  thresholds: { practical: '5%', alpha: 0.05 },

  // 'docker': the daemon that is running. 'embedded': a private one, as root. 'auto': the first that is possible.
  engine: 'auto',
});
