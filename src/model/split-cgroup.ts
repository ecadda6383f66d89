/**
 * The cgroups below that of a trial whose runtime is started by the harness itself: each counts what is in it for as long as it
 * exists, so that the container and the process of the runtime that starts it have totals of their own.
 */
export const splitCgroup = { container: 'ct', runtime: 'rt' } as const;
