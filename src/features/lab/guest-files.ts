/** Mount point of the run's disk in the guest. */
export const labMount = '/lab';

/** Directory in the guest for its input from the host. */
export const inputDirectory = `${labMount}/input`;

/** Directory in the guest for `results/` and `charts/`. */
export const guestOut = `${labMount}/out`;

/**
 * Directory on the run's disk for Node's compile cache, filled on the host: compiling the harness's source under
 * emulation takes long.
 */
export const compileCache = 'cache/node';

/** Name of the virtio port between harness and guest. The guest sees it below /dev/virtio-ports. */
export const channelName = 'ocibench.channel';

/** A file of the guest's system. */
export interface GuestFile {
  readonly path: string;
  readonly text: string;
}

const file = (path: string, text: string): GuestFile => ({ path, text });

/** Files that exist before the kernel's package makes the initramfs: a small one. */
export const initramfsFiles: readonly GuestFile[] = [
  file('/etc/initramfs-tools/conf.d/lab', 'MODULES=list\n'),
  file('/etc/initramfs-tools/modules', 'virtio_pci\nvirtio_blk\next4\n'),
];

/** The other files that turn a Debian system into the lab's guest. */
export const systemFiles: readonly GuestFile[] = [
  file('/etc/hostname', 'lab\n'),
  file('/etc/hosts', '127.0.0.1 localhost lab\n'),
  file('/etc/fstab', `/dev/vda / ext4 defaults 0 0\n/dev/vdb ${labMount} ext4 defaults 0 0\n`),
  file(
    '/etc/profile.d/lab.sh',
    `export PATH=${labMount}/bin:$PATH HOME=/root XDG_CACHE_HOME=${labMount}/cache
export NODE_COMPILE_CACHE=${labMount}/${compileCache} NODE_COMPILE_CACHE_PORTABLE=1
`,
  ),
];

/** Shell commands that finish the system below the new root `$1`, and remove what is not needed. */
export const systemCommands: readonly string[] = [
  `mkdir -p "$1${labMount}" "$1/etc/docker"`,
  `ln -s ${labMount}/input/daemon.json "$1/etc/docker/daemon.json"`,
  'for u in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer systemd-hwdb-update.service; do ln -sf /dev/null "$1/etc/systemd/system/$u"; done',
  'ln -f "$1"/boot/vmlinuz-* "$1/boot/vmlinuz"; ln -f "$1"/boot/initrd.img-* "$1/boot/initrd.img"',
];

/** Commands that end the guest: its writes reach the disk before the power goes off. */
const powerOff = `sync
mount -o remount,ro ${labMount} || sync
systemctl poweroff --force --force
`;

/** systemd runs a script of the run's disk (`systemd.run=`) in the place of its usual target, which the script starts. */
const preamble = `#!/bin/bash
. /etc/profile.d/lab.sh
if [ -s ${labMount}/input/locale ]; then export LC_ALL="$(cat ${labMount}/input/locale)"; fi
# Who made the disk need not have been root: what is on it is this guest's root's.
chown -R root:root ${guestOut}
cd ${guestOut}
systemctl start multi-user.target
`;

/**
 * Script that runs the command (NUL-separated in `input/command`, never parsed by a shell). Stderr goes to the host as it
 * comes, stdout into a file. Job control (`set -m`) gives the command a process group, so that an interrupt reaches all of it.
 * A NUL on the channel, which no text contains, is the guest's sign of life. A line from the host interrupts the command.
 */
export const execScript = `${preamble}set -m
exec 3<>/dev/virtio-ports/${channelName}
mapfile -d '' -t command <${labMount}/input/command
# Under emulation a daemon that has just started can take longer for its answers than any command waits. \`info\` is the
# slowest of those that a run asks first: dockerd calls its programs for it.
for _ in {1..40}; do timeout 4 docker info >/dev/null 2>&1 && break; sleep 1; done
printf '\\0' >&3
"\${command[@]}" </dev/null >${labMount}/report/stdout 2>&3 3>&- &
harness=$!
while :; do
  read -r -t 20 -u 3 word
  status=$?
  if [ $status -gt 128 ]; then printf '\\0' >&3
  elif [ $status -ne 0 ]; then break
  else kill -INT -- -$harness
  fi
done &
wait $harness
code=$?
echo $code >${labMount}/report/exit-code
${powerOff}`;

/** An interactive login on the serial console; the power goes off at its end. */
export const shellScript = `${preamble}exec </dev/ttyS0 >/dev/ttyS0 2>&1
if [ -s ${labMount}/input/terminal ]; then
  read -r rows columns TERM <${labMount}/input/terminal
  stty rows "$rows" cols "$columns"
  export TERM
fi
printf '\\nThis is the lab. ocibench and docker are in PATH; what is written to ${guestOut}/results comes back to you.\\nThe power goes off when you leave (exit, or Ctrl-D).\\n\\n'
setsid --ctty --wait bash -l
${powerOff}`;
