import { describe } from 'vitest';
import { configTrustCases } from './other-user/config-trust.ts';
import { engineEndCases } from './other-user/engine-end.ts';
import { installCases } from './other-user/install.ts';
import { leakCases } from './other-user/leaks.ts';
import { leftoverCases } from './other-user/leftovers.ts';
import { pathCases } from './other-user/paths.ts';
import { runDirectoryCases } from './other-user/run-directory.ts';
import { stateDirectoryCases } from './other-user/state-directory.ts';
import { storedRunCases } from './other-user/stored-run.ts';
import { terminalCases } from './other-user/terminal.ts';
import { timerCases } from './other-user/timer.ts';
import { canRun } from './support.ts';

/**
 * What another local user (uid 65534), a foreign container or plain accident could do to a run that root makes. Each case
 * plays that part in namespaces of its own: it needs neither Docker nor cgroups.
 */
describe.skipIf(!canRun).concurrent('another user of this host', { timeout: 300_000 }, () => {
  stateDirectoryCases();
  engineEndCases();
  leftoverCases();
  leakCases();
  configTrustCases();
  runDirectoryCases();
  storedRunCases();
  pathCases();
  terminalCases();
  timerCases();
  installCases();
});
