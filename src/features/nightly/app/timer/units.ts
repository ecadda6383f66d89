/** Names of the units. */
export const units = { service: 'ocibench-nightly.service', timer: 'ocibench-nightly.timer' } as const;

/** First line of the files: only files that begin with it are changed or removed. */
export const unitMark = '# Written by: ocibench nightly install';

/** The command that the timer starts, and its schedule. */
export interface TimerSetup {
  /** Words of the command that start this program, without arguments. */
  readonly program: readonly string[];
  /** The whole command: the program with its arguments. */
  readonly command: readonly string[];
  /** Arguments that install this timer. */
  readonly install: readonly string[];
  /** The configuration that `--config` names; null without that option. */
  readonly config: string | null;
  /** Directory of the history. */
  readonly history: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Calendar event in the syntax of systemd.time(7). */
  readonly calendar: string;
  /** Maximum random delay, in the syntax of systemd.time(7). */
  readonly delay: string;
  /** Unit that is started when a night alarms or fails; null: none. */
  readonly onFailure: string | null;
}

/**
 * Quotes a word for a setting of a unit. Within double quotes a backslash escapes, `%` begins a specifier, and in commands `$`
 * begins a variable (systemd.syntax(7), systemd.service(5)).
 */
function unitWord(word: string): string {
  const safe = word.replaceAll(/[\\"]/g, '\\$&').replaceAll('%', '%%');
  return `"${safe}"`;
}

const commandWord = (word: string) => unitWord(word.replaceAll('$', '$$$$'));

/** The service of a night. */
export function serviceUnit(setup: TimerSetup): string {
  const { command, directory, history, environment, onFailure } = setup;
  const variables = Object.entries(environment).map(([name, value]) => unitWord(`${name}=${value}`));
  return `${unitMark}
[Unit]
Description=What container runtimes cost tonight (ocibench nightly)
After=docker.service
${onFailure === null ? '' : `OnFailure=${onFailure}\n`}
[Service]
Type=oneshot
WorkingDirectory=${directory.replaceAll('%', '%%')}
Environment=${variables.join(' ')}
ExecStart=${command.map(commandWord).join(' ')}
# A night that cannot tell (5) is no failure; one that alarms (1) is.
SuccessExitStatus=5
# Ctrl-C: it ends the trial in flight, cleans up, and writes down what it measured.
KillMode=mixed
KillSignal=SIGINT
TimeoutStopSec=5min
# It may wait for another measurement.
TimeoutStartSec=12h
UMask=0022
LimitNOFILE=1048576
TasksMax=infinity
# Containers inherit seccomp filters and no-new-privileges, and would be measured with them: what needs one is left out
# (NoNewPrivileges, SystemCallFilter, RestrictNamespaces, LockPersonality, ProtectKernelModules, ProtectHostname ...).
ProtectSystem=full
ReadWritePaths=${[directory, history].map((path) => unitWord(`-${path}`)).join(' ')}
CapabilityBoundingSet=~CAP_SYS_BOOT CAP_SYS_TIME CAP_WAKE_ALARM
`;
}

/** The timer of that service. A night that the machine slept through starts when it wakes. */
export function timerUnit({ calendar, delay }: TimerSetup): string {
  return `${unitMark}
[Unit]
Description=Every night: what container runtimes cost (ocibench nightly)

[Timer]
OnCalendar=${calendar}
RandomizedDelaySec=${delay}
# The same delay every night: nights are compared.
FixedRandomDelay=true
AccuracySec=1min
Persistent=true

[Install]
WantedBy=timers.target
`;
}

const daily = /^(?:\*-\*-\* )?(\d{1,2}):(\d{2})(?::00)?$/;

/** A line of crontab(5) for a time of every day; null for other calendars. Cron ends a command at `%`. */
export function crontabLine(setup: TimerSetup, quote: (word: string) => string): string | null {
  const [, hour, minute] = daily.exec(setup.calendar.trim()) ?? [];
  if (hour === undefined || minute === undefined || Number(hour) > 23 || Number(minute) > 59) return null;
  const variables = Object.entries(setup.environment).map(([name, value]) => `${name}=${quote(value)}`);
  const started = [...variables, ...setup.command.map(quote)].join(' ');
  const line = `cd ${quote(setup.directory)} && ${started}`.replaceAll('%', '\\%');
  return `${Number(minute)} ${Number(hour)} * * * ${line}`;
}
