import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';

/** Which containers a setting reaches once dockerd has it. */
export type When = 'created' | 'started' | 'bridge' | 'networks' | 'start' | 'store' | 'daemon';

type Applied = (values: { readonly how: 'reload' | 'restart' }) => Message;

const words: Readonly<Record<When, Applied>> = messages('explain.when', {
  created:
    'Reaches containers made after a {how, select, reload {reload} other {restart}} of dockerd. Those that exist stay as they were made.',
  started:
    'Reaches every container, also those that exist, at its first start after a {how, select, reload {reload} other {restart}} of dockerd.',
  bridge:
    'Reaches all containers on the default bridge after a {how, select, reload {reload} other {restart}} of dockerd; not while containers run through that (live-restore).',
  networks:
    'Reaches networks made after a {how, select, reload {reload} other {restart}} of dockerd. Those that exist stay as they were made.',
  start: 'Reaches all networks after a {how, select, reload {reload} other {restart}} of dockerd.',
  store:
    'With another value than before, images and containers of before are out of sight after a {how, select, reload {reload} other {restart}} of dockerd, until the old value is back.',
  daemon:
    'Reaches dockerd at a {how, select, reload {reload} other {restart}}. Containers that exist do not change.',
});

/** Keys that dockerd applies on SIGHUP (moby daemon/reload.go, reload_unix.go and cmd/dockerd/daemon.go). */
const reloaded: ReadonlySet<keyof DaemonConfig> = new Set([
  'allow-nondistributable-artifacts',
  'authorization-plugins',
  'debug',
  'default-cgroupns-mode',
  'default-ipc-mode',
  'default-runtime',
  'default-shm-size',
  'features',
  'insecure-registries',
  'labels',
  'live-restore',
  'max-concurrent-downloads',
  'max-concurrent-uploads',
  'max-download-attempts',
  'network-diagnostic-port',
  'registry-mirrors',
  'runtimes',
  'shutdown-timeout',
]);

/** Which containers a setting reaches, and after what. */
export function sayWhen(key: keyof DaemonConfig, when: When): Message {
  return words[when]({ how: reloaded.has(key) ? 'reload' : 'restart' });
}
