import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseAccelerator } from '../../src/features/lab/accelerator.ts';
import { inputDirectory } from '../../src/features/lab/guest-files.ts';
import { defaultKernel } from '../../src/features/lab/kernel.ts';
import { qemuArguments } from '../../src/features/lab/qemu.ts';
import { mmdebstrapArguments, systemDiskSize } from '../../src/features/lab/recipe.ts';
import { makeRunDisk, readRunDisk } from '../../src/features/lab/run-disk.ts';
import { root } from '../e2e/support.ts';
import type { SheetBlock } from '../support/sheet-blocks.ts';

/** What the sheet asks of a machine beside Docker, what `docker run busybox` would fetch, and what a student brings. */
const packages = ['git', 'npm', 'jq', 'sudo', 'ca-certificates', 'busybox-static', 'bsdutils'];
/** The student installs these. */
const later = new Set(['crun', 'runsc']);

/** An emulated machine measures for minutes what others measure in seconds: what a teacher's repository says for it. */
const config = `export default {
  workloads: ['startup/echo', 'syscall/trivial', 'isolation/facts'],
  blocks: '1..2',
  maxTime: '30m',
};\n`;

/** Bytes of a file for the guest, whose files are text. */
const encode = (path: string) => readFileSync(path).toString('base64');

/** What the student's machine is before the sheet: an account with sudo, a network, Docker, and an image named busybox. */
const prepare = `set -e
exec >&2
rm /etc/profile.d/lab.sh /etc/docker/daemon.json
unset XDG_CACHE_HOME NODE_COMPILE_CACHE NODE_COMPILE_CACHE_PORTABLE
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
card=$(basename /sys/class/net/e*)
ip link set "$card" up
ip address add 10.0.2.15/24 dev "$card"
ip route add default via 10.0.2.2
echo nameserver 10.0.2.3 >/etc/resolv.conf
base64 -d ${inputDirectory}/certificates >/etc/ssl/certs/ca-certificates.crt
useradd --create-home --shell /bin/bash student
echo 'student ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/student
for home in /root /home/student; do
  echo 'cafile=/etc/ssl/certs/ca-certificates.crt' >$home/.npmrc
done
base64 -d ${inputDirectory}/repository | tar -x -C /home/student
chown -R student: /home/student
mkdir -p /tmp/busybox/bin
cp /usr/bin/busybox /tmp/busybox/bin
chroot /tmp/busybox /bin/busybox --install -s /bin
tar -C /tmp/busybox -c . | docker import - busybox >/dev/null
`;

/** Types the blocks in one shell; each begins and ends with a line that starts with @@. */
const session = (blocks: readonly SheetBlock[]) =>
  `cd
set -E
trap 'printf "\\n@@ failed %s: %s\\n" $? "$BASH_COMMAND"' ERR
${blocks
  .map(
    ({ name, commands }) => `printf '\\n@@ begin ${name}\\n'
${commands}printf '\\n@@ end ${name} %s\\n' "$PWD"
`,
  )
  .join('')}`;

/** What a student saw of a block. */
interface TypedBlock {
  readonly name: string;
  readonly printed: string;
  /** `EXIT-CODE: COMMAND` of each command that failed. */
  readonly failed: readonly string[];
  /** Where its last command left the student. */
  readonly directory: string;
}

/** Reads what the session printed. A block that never ended is missing. */
function parseSession(printed: string): readonly TypedBlock[] {
  const text = printed.replaceAll('\r\n', '\n');
  const found = text.matchAll(/^@@ begin (\S+)\n(.*?)^@@ end \1 (\S+)$/gms);
  return [...found].map(([, name = '', body = '', directory = '']) => ({
    name,
    printed: body.replaceAll(/^@@ failed .*\n/gm, ''),
    failed: [...body.matchAll(/^@@ failed (.*)$/gm)].map(([, what = '']) => what),
    directory,
  }));
}

/** Builds the disk of the student's machine in `directory`: the lab's, with what the sheet expects, without what it installs. */
function buildSystem(directory: string): void {
  const run = (program: string, args: readonly string[]) =>
    execFileSync(program, args, {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  const include = (word: string) => {
    const listed = word.slice('--include='.length).split(',');
    return `--include=${[...listed.filter((name) => !later.has(name)), ...packages].join(',')}`;
  };
  const args = mmdebstrapArguments(defaultKernel);
  run(
    'mmdebstrap',
    args.map((word) => (word.startsWith('--include=') ? include(word) : word)),
  );
  // mke2fs reads no tar file with names that are not ASCII, such as those of certificates.
  run('mkdir', ['system']);
  run('tar', ['--numeric-owner', '-xpf', 'system.tar', '-C', 'system']);
  run('mke2fs', ['-q', '-F', '-t', 'ext4', '-d', 'system', 'system.ext4', systemDiskSize]);
}

/**
 * Boots a machine and types the blocks in it, as a user who has sudo. `echo` gets all that the guest prints, as it comes.
 * Returns what was printed.
 */
export async function typeSheet(
  blocks: readonly SheetBlock[],
  echo: (text: string) => void,
): Promise<readonly TypedBlock[]> {
  const directory = mkdtempSync(join(tmpdir(), 'ocibench-sheet-'));
  try {
    const at = (name: string) => join(directory, name);
    buildSystem(directory);
    const git = (...args: string[]) => execFileSync('git', args, { cwd: directory });
    git('clone', '-q', '--depth', '1', `file://${root}`, 'teacher');
    writeFileSync(at('teacher/bench.config.ts'), config);
    const author = ['-c', 'user.name=teacher', '-c', 'user.email=teacher@example.org'];
    git('-C', 'teacher', ...author, 'commit', '-qam', 'config: measure less');
    git('clone', '-q', '--bare', '--depth', '1', `file://${at('teacher')}`, 'ocibench.git');
    execFileSync('tar', ['-C', directory, '-cf', at('repository.tar'), 'ocibench.git']);
    const files = {
      certificates: encode('/etc/ssl/certs/ca-certificates.crt'),
      repository: encode(at('repository.tar')),
      session: session(blocks),
      prepare,
    };
    const boot = { kernel: at('vmlinuz'), initrd: at('initrd.img') };
    const { accelerator } = await chooseAccelerator(boot.kernel, null);
    // The student answers y to each question, once it is asked.
    const script = `bash ${inputDirectory}/prepare || exit
mkfifo /tmp/answers
exec 4<>/tmp/answers
su - student -c 'script -qec "bash ${inputDirectory}/session" /dev/null' <&4 2>&1 | tee >(cat >&2) |
  while IFS= read -r -d ']' said || { printf %s "$said"; false; }; do
    printf '%s]' "$said"
    case $said in *'[y/N') echo y >&4 ;; esac
  done`;
    const runDisk = await makeRunDisk(directory, {
      command: ['bash', '-c', script],
      daemonJson: '{}',
      config: {},
      images: [],
      resumed: null,
      locale: null,
      terminal: null,
      files: new Map(Object.entries(files).map(([name, text]) => [`${inputDirectory}/${name}`, text])),
    });
    const args = qemuArguments({
      ...boot,
      directory,
      name: 'sheet',
      accelerator,
      cpus: 2,
      memoryMiB: 4096,
      mode: 'exec',
      systemDisk: at('system.ext4'),
      runDisk,
      consoleLog: at('console.log'),
    });
    // The lab's guests have no network.
    const net = args.indexOf('-net');
    const online = args.toSpliced(net, 2, '-nic', 'user,model=virtio-net-pci');
    const qemu = spawn('setpriv', ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...online], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    qemu.stdout.setEncoding('utf8').on('data', (text: string) => echo(text.replaceAll('\0', '')));
    await once(qemu, 'close');
    const { stdout } = await readRunDisk(directory, runDisk);
    return parseSession(stdout);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
