import { pointLatest, writeAtomically, writeTogether } from '../store/files.ts';
import {
  findRun,
  findRunToResume,
  hasRun,
  loadRun,
  newestRun,
  openRun,
  readRun,
} from '../store/run-directory.ts';

/** Run directories and reports on the disk. */
export const diskStore = {
  findRun,
  findRunToResume,
  hasRun,
  loadRun,
  newestRun,
  openRun,
  readRun,
  pointLatest,
  writeAtomically,
  writeTogether,
};

/** Where runs are kept; tests put one here whose disk is full. */
export type Store = typeof diskStore;
