import type { FeatureId } from '../model/prediction.ts';

/** Features whose costs are corrected by one factor. */
export type Family = readonly FeatureId[];

/** A form of the model: which costs are corrected together, and how strongly corrections are held at 1. */
export interface Candidate {
  readonly name: string;
  readonly families: readonly Family[];
  /** Weight of (β − 1)² beside the squared relative errors of the applications, one each. */
  readonly ridge: number;
}

const user: Family = ['user'];
const light: Family = ['call.trap', 'call.other', 'call.process', 'call.memory'];
const data: Family = ['call.read', 'call.write', 'bytes'];
const files: Family = ['call.open'];
const waits: Family = ['call.wait', 'call.futex', 'switches'];
const sockets: Family = ['call.socket'];
const pages: Family = ['faults'];
const tasks: Family = ['processes', 'threads', 'execs'];

/** From coarse to fine. With fifteen applications a model cannot learn more. */
const forms: Readonly<Record<string, readonly Family[]>> = {
  one: [[...light, ...data, ...files, ...waits, ...sockets, ...pages, ...tasks], user],
  three: [[...light, ...data, ...files, ...sockets, ...waits], [...pages, ...tasks], user],
  five: [[...light, ...data], files, [...waits, ...sockets], [...pages, ...tasks], user],
  seven: [light, [...data, ...sockets], files, waits, pages, tasks, user],
};

const ridges = [1, 0.1, 0.01, 0.001] as const;

/** Every form at every strength; which one is used is decided by applications that it has not seen. */
export const candidates: readonly Candidate[] = Object.entries(forms).flatMap(([name, families]) =>
  ridges.map((ridge) => ({ name, families, ridge })),
);
