import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import { reasons } from '../../../core/messages/define.ts';
import { lookup } from '../../../core/model/nearest.ts';
import { type Against, type DockerHere, isSince } from './objection.ts';

const why = reasons('judgeStorage', {
  gone: {
    message: 'Docker {release} removed the driver {driver}',
    fix: 'write "overlay2"; before that, save what you need:  docker save, docker export',
  },
  unknown: { message: 'dockerd has no driver {driver}', fix: 'write "overlay2", or remove the line' },
  fileSystem: {
    message: 'the driver {driver} needs the data root on {driver}; it is on {found}',
    fix: 'write "overlay2", or put data-root on {driver}',
  },
  program: {
    message: 'the program fuse-overlayfs is not installed',
    fix: 'write "overlay2", or:  apt-get install fuse-overlayfs',
  },
  snapshotter: {
    message: '{driver} is a snapshotter of containerd, which this file does not turn on',
    fix: 'add "containerd-snapshotter": true to features, or write "overlay2"',
  },
  kernelCheck: {
    message: 'Docker 24 removed the option {option}, which did nothing for long',
    fix: 'remove it: every kernel that Docker supports has what it skipped',
  },
  option: { message: 'the driver {driver} has no option {option}', fix: 'remove it' },
  quota: {
    message: '{option} works only with the data root on XFS (mounted with pquota); it is on {found}',
    fix: 'remove it',
  },
});

/** Drivers that are gone, and the release that removed each (docker/cli, docs/deprecated.md). */
const gone: Readonly<Record<string, number>> = { aufs: 24, overlay: 24, devicemapper: 25 };
/** Options of each driver (moby, daemon/graphdriver). */
const options: Readonly<Record<string, readonly string[]>> = {
  overlay2: ['overlay2.size'],
  vfs: ['size', 'vfs.xattrs'],
  btrfs: ['btrfs.min_space'],
  zfs: ['zfs.fsname'],
  'fuse-overlayfs': [],
};
const snapshotters = ['overlayfs', 'native', 'stargz', 'soci'];

/** What speaks against the storage of a file: drivers and their options. */
export function judgeStorage(config: DaemonConfig, here: DockerHere): readonly Against[] {
  const driver = config['storage-driver'] || 'overlay2';
  const found = here.dataFileSystem;
  const release = lookup(gone, driver);
  const isGone = release !== undefined && isSince(here, release);
  const usesContainerd = config.features?.['containerd-snapshotter'] === true;
  const isSnapshotter = snapshotters.includes(driver);
  const isKnown = lookup(options, driver) !== undefined || release !== undefined || isSnapshotter;
  const ofFileSystem = driver === 'btrfs' || driver === 'zfs';
  const given = isGone || !isKnown || isSnapshotter || usesContainerd ? [] : (config['storage-opts'] ?? []);
  return [
    [isGone, 'storage-driver', 'unnoticed', why.gone({ driver, release: release ?? 0 })],
    [!isKnown && !usesContainerd, 'storage-driver', 'unnoticed', why.unknown({ driver })],
    [ofFileSystem && found !== driver, 'storage-driver', 'unnoticed', why.fileSystem({ driver, found })],
    [driver === 'fuse-overlayfs' && !here.present.has(driver), 'storage-driver', 'unnoticed', why.program],
    [
      isSnapshotter && !usesContainerd && !isSince(here, 29),
      'storage-driver',
      'unnoticed',
      why.snapshotter({ driver }),
    ],
    ...given.flatMap((text) => judgeOption(text, driver, here)),
  ];
}

function judgeOption(text: string, driver: string, here: DockerHere): readonly Against[] {
  const [option = ''] = text.split('=');
  const found = here.dataFileSystem;
  const isCheck = driver === 'overlay2' && option.toLowerCase() === 'overlay2.override_kernel_check';
  if (isCheck) return [[isSince(here, 24), 'storage-opts', 'unnoticed', why.kernelCheck({ option })]];
  const isKnown = lookup(options, driver)?.includes(option.toLowerCase()) ?? true;
  const isQuota = isKnown && (option === 'overlay2.size' || option === 'size') && found !== 'xfs';
  return [
    [!isKnown, 'storage-opts', 'unnoticed', why.option({ driver, option })],
    [isQuota, 'storage-opts', 'unnoticed', why.quota({ option, found })],
  ];
}
