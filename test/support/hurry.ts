import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

/**
 * To be loaded before a program (`node --import`): a wait of a minute or more is over at once. For a program that waits to see
 * that nothing happens where nothing can.
 */
const { setTimeout: wait } = timers;
timers.setTimeout = ((ms, ...others) =>
  wait(ms !== undefined && ms >= 60_000 ? 0 : ms, ...others)) as typeof wait;
syncBuiltinESMExports();
