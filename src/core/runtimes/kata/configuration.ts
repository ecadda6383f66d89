import type { GuestSettings } from '../guest/facts.ts';

/** A setting of a TOML file: its table, its key, and its value as written, without quotes. */
interface Setting {
  readonly table: string;
  readonly key: string;
  readonly value: string;
}

/** The settings with a value of one line. A file that is no valid TOML elsewhere is read as well. */
function settingsIn(toml: string): readonly Setting[] {
  let table = '';
  return toml.split('\n').flatMap((line) => {
    const header = /^\s*\[([^[\]]+)\]/.exec(line)?.[1];
    if (header !== undefined) table = header.trim();
    const found = /^\s*([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s#"']+))/.exec(line);
    if (found === null) return [];
    const [, key = '', double, single, bare = ''] = found;
    return [{ table, key, value: double ?? single ?? bare }];
  });
}

/** Seconds that Kata dials the agent in its guest: `dial_timeout` of the configuration that 3.25.0 to 4.1.0 bring. */
const usualDialS = 45;
/** Seconds of the request to the agent that follows (runtime/virtcontainers/kata_agent.go, checkRequestTimeout). */
const checkS = 30;
/** Seconds that the Rust runtime polls QEMU (runtime-rs crates/hypervisor/src/qemu/qmp.rs), before it dials. */
const pollS = 50;
/** Milliseconds that the Rust runtime dials, where its `reconnect_timeout_ms` is not set. */
const usualReconnectMs = 3_000;
/** Seconds for what comes before: shim, network, virtiofsd and the start of QEMU. */
const bootS = 15;
/** A configuration that asks for more is a mistake, ms. */
const longestStartMs = 600_000;

/** A whole positive number; null for anything else. */
function positive(value: string | undefined): number | null {
  return value !== undefined && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : null;
}

/**
 * Settings of Kata's configuration. A start takes the boot, then `dial_timeout`, then the request to the agent: the Go runtime
 * says only then what is wrong. Its text for an agent that accepts no connection comes after the second, for a silent one after
 * the third.
 */
export function kataSettings(toml: string): GuestSettings {
  const settings = settingsIn(toml);
  const written = (table: string, key: string) =>
    settings.find((each) => each.table.startsWith(table) && each.key === key)?.value;
  const dialS = positive(written('agent.', 'dial_timeout')) ?? usualDialS;
  const reconnectMs = positive(written('agent.', 'reconnect_timeout_ms')) ?? usualReconnectMs;
  const goMs = (bootS + dialS + checkS) * 1_000;
  const rustMs = (bootS + pollS) * 1_000 + reconnectMs;
  return {
    startLimitMs: Math.min(Math.max(goMs, rustMs), longestStartMs),
    hasMonitor: !settings.some(({ table }) => table === 'hypervisor.dragonball'),
    kernel: written('hypervisor.', 'kernel') || null,
    memoryMiB: positive(written('hypervisor.', 'default_memory')),
  };
}

/** Most lines of the monitor that are shown, and the length of each, UTF-16 units. */
const shown = { lines: 3, length: 200 };

/**
 * What QEMU said by the lines that Kata logged: those with level error or warning and the process id of QEMU (Go runtime,
 * virtcontainers/qemu.go, LogAndWait), or `qemu stderr` (Rust runtime). Any root process can write such lines.
 */
export function monitorSaid(lines: string): string | null {
  const said = lines.split('\n').flatMap((line) => {
    const isGo = /\blevel="?(?:error|warning)\b/.test(line) && /\bqemuPid=\d+/.test(line);
    const go = isGo ? /\bmsg=(?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(line) : null;
    const text = go?.[1] ?? go?.[2] ?? /qemu stderr:?[\s\\"]*([^"\\]+)/.exec(line)?.[1] ?? '';
    const clean = text
      .replaceAll(/\\(.)/g, '$1')
      .replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
      .trim();
    return clean === '' ? [] : [clean.slice(0, shown.length)];
  });
  const last = [...new Set(said)].slice(-shown.lines);
  return last.length === 0 ? null : last.join('; ');
}
