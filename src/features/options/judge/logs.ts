import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import { listed } from '../../../core/messages/compose.ts';
import { reasons } from '../../../core/messages/define.ts';
import { lookup } from '../../../core/model/nearest.ts';
import type { Against, DockerHere } from './objection.ts';

const why = reasons('judgeLogs', {
  driver: {
    message: 'dockerd has no log driver {driver}: it starts, and no container does',
    fix: 'write one of: {drivers}',
  },
  journal: {
    message: 'no journal of systemd runs on this host, and no container starts',
    fix: 'write "json-file" or "local"',
  },
  option: {
    message: 'the log driver {driver} has no option {option}',
    fix: 'write one of: {options}',
  },
  needs: {
    message: 'the log driver {driver} needs {option}, and no container starts without',
    fix: 'add "{option}" to log-opts',
  },
  size: {
    message: 'max-size must be a size such as "10m", not "{value}"; no container starts',
    fix: 'write "max-size": "10m"',
  },
  count: {
    message: 'max-file must be a whole number from 1 in quotes, not "{value}"; no container starts',
    fix: 'write "max-file": "3"',
  },
  compress: {
    message: 'compress needs max-size and a max-file of at least "2", and no container starts without',
    fix: 'add "max-size": "10m" and "max-file": "3"',
  },
  syslogAddress: {
    message: '{value} is no address of syslog',
    fix: 'begin it with udp://, tcp://, tcp+tls://, unix:// or unixgram://',
  },
  fluentd: {
    message: 'no container starts while nothing listens at the address of fluentd',
    fix: 'add "fluentd-async": "true"',
  },
  endless: {
    message: 'max-file does nothing without max-size: one file grows without limit',
    fix: 'add "max-size": "10m"',
  },
});

const described = ['env', 'env-regex', 'labels', 'labels-regex', 'tag'];
const everywhere = ['mode', 'max-buffer-size'];
const files = ['compress', 'max-file', 'max-size'];
/** Options of each log driver (moby, daemon/logger); null: this table does not have them. */
const drivers: Readonly<Record<string, readonly string[] | null>> = {
  'json-file': [...files, ...described],
  local: files,
  // dockerd accepts any option with it.
  none: null,
  journald: described,
  syslog: null,
  gelf: null,
  fluentd: null,
  awslogs: null,
  splunk: null,
  gcplogs: null,
  etwlogs: null,
};
/** Options without which a driver opens no log. */
const needed: Readonly<Record<string, readonly string[]>> = {
  gelf: ['gelf-address'],
  splunk: ['splunk-url', 'splunk-token'],
  awslogs: ['awslogs-group'],
};

/** What speaks against the log settings of a file. */
export function judgeLogs(config: DaemonConfig, here: DockerHere): readonly Against[] {
  const driver = config['log-driver'] || 'json-file';
  const given = config['log-opts'] ?? {};
  const known = lookup(drivers, driver);
  const { 'max-size': size, 'max-file': count, compress } = given;
  const address = given['syslog-address'] ?? '';
  const isFile = driver === 'json-file' || driver === 'local';
  const sizeIsBad = size !== undefined && size !== '-1' && !/^\d+(\.\d+)?\s*[kmgtp]?i?b?$/i.test(size);
  const countIsBad = count !== undefined && !/^0*[1-9]\d*$/.test(count);
  const rotates =
    (driver === 'local' || size !== undefined) && Number(count ?? (driver === 'local' ? 5 : 1)) > 1;
  return [
    [
      known === undefined,
      'log-driver',
      'no-container',
      why.driver({ driver, drivers: listed(Object.keys(drivers)) }),
    ],
    [driver === 'journald' && !here.hasJournal, 'log-driver', 'no-container', why.journal],
    ...Object.keys(known == null ? {} : given).map((option): Against => {
      const options = [...(known ?? []), ...everywhere];
      const values = { driver, option, options: listed(options) };
      return [!options.includes(option), 'log-opts', 'unnoticed', why.option(values)];
    }),
    ...(lookup(needed, driver) ?? []).map((option): Against => {
      const key = config['log-driver'] === undefined ? 'log-opts' : 'log-driver';
      return [given[option] === undefined, key, 'no-container', why.needs({ driver, option })];
    }),
    [
      driver === 'syslog' && address !== '' && !/^(udp|tcp|tcp\+tls|unix|unixgram):/.test(address),
      'log-opts',
      'unnoticed',
      why.syslogAddress({ value: address }),
    ],
    [driver === 'fluentd' && given['fluentd-async'] !== 'true', 'log-driver', 'note', why.fluentd],
    [isFile && sizeIsBad, 'log-opts', 'no-container', why.size({ value: size ?? '' })],
    [isFile && countIsBad, 'log-opts', 'no-container', why.count({ value: count ?? '' })],
    [
      isFile && compress === 'true' && !sizeIsBad && !countIsBad && !rotates,
      'log-opts',
      'no-container',
      why.compress,
    ],
    [
      driver === 'json-file' &&
        count !== undefined &&
        !countIsBad &&
        size === undefined &&
        compress !== 'true',
      'log-opts',
      'ignored',
      why.endless,
    ],
  ];
}
