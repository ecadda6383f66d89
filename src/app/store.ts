import { pointLatest, writeAtomically, writeTogether } from '../core/store/files.ts';
import { removeManifest, writeManifest } from '../core/store/manifest.ts';
import { appendByMonth } from '../core/store/monthly.ts';
import { findRun, findRunToResume, loadRun, openRun, readRun } from '../core/store/run-directory.ts';
import { earlierRuns, hasRun, newestRun, runIds } from '../core/store/run-ids.ts';

/** Run directories and reports on the disk. */
export const diskStore = {
  earlierRuns,
  findRun,
  findRunToResume,
  hasRun,
  loadRun,
  appendByMonth,
  newestRun,
  openRun,
  readRun,
  runIds,
  pointLatest,
  removeManifest,
  writeAtomically,
  writeManifest,
  writeTogether,
};

/** Stores runs; tests replace it with one whose disk is full. */
export type Store = typeof diskStore;
