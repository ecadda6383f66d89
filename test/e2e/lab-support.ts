import { findProgram } from '../../src/host/programs.ts';
import { labNeeds } from '../../src/lab/needs.ts';
import { labIsDue } from '../support/proofs.ts';
import { canRun, nightly } from './support.ts';

const programs = await Promise.all(labNeeds.map((need) => findProgram(need.program)));

/** Is everything here that a guest of the lab is made and booted with? */
export const canBootLab = canRun && process.arch === 'x64' && programs.every((program) => program !== null);

/** By night, and where what the lab covers changed since it was last proved (`.ci/lab.json`). */
export const runsLab = canBootLab && (nightly || labIsDue());
