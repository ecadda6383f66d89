import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import { packaging } from '../lib/image-paths.ts';

const lib = 'usr/lib/*-linux-gnu';

const middleware: ImageRecipe = {
  id: 'middleware',
  description:
    'HAProxy with nginx behind it, memcached, Mosquitto and NSD, and what asks them: wrk, memcslap, mosquitto_pub and dnsperf; bash for the stamps, busybox',
  suite: 'trixie',
  packages: [
    'busybox-static',
    'bash',
    'dnsperf',
    'haproxy',
    'libmemcached-tools',
    'memcached',
    'mosquitto',
    'mosquitto-clients',
    'nginx',
    'nsd',
    'wrk',
  ],
  // nginx looks up its user even if it stays root.
  hooks: ['echo root:x:0:0:root:/:/bin/sh > "$1/etc/passwd"; echo root:x:0: > "$1/etc/group"'],
  remove: [
    'usr/share/*',
    ...packaging,
    'usr/bin/perl*',
    `${lib}/perl*`,
    `${lib}/libperl*`,
    `${lib}/gconv`,
    'usr/lib/python3*',
    'usr/bin/python3*',
    'usr/lib/systemd',
  ],
};
export default middleware;
