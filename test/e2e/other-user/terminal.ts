import { expect, test } from 'vitest';
import { inBox } from './box.ts';

/** Whatever a terminal would obey, but the line breaks of the output itself. */
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

/** Names and texts that another user chooses, on the terminal of root. */
export function terminalCases(): void {
  test('names that somebody else chose send nothing but text to the terminal', async () => {
    const { stdout, stderr } = await inBox(
      `
# The cgroups are the host's: another run may be measured there.
mount -t tmpfs tmpfs /sys/fs/cgroup
as_other mkdir "/var/tmp/ocibench-$(printf 'a\\033]0;owned\\007\\033[2Jb')"
ocibench clean --in /root 2>&1
ocibench list runtimes --json --set daemonJson=daemon.json 2>&1
ocibench clean "$(printf 'a\\033[2Jb')" 2>&1 || true
`,
      { 'daemon.json': JSON.stringify({ runtimes: { x: { path: '/bin/x\u009b2J\u202e' } } }) },
    );
    expect(stdout, stderr).not.toMatch(controls);
    expect(stdout).toContain('\\u009b2J');
  });
}
