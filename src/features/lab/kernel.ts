/** Suite of Debian that the guest is made of, whichever kernel it boots. */
export const guestSuite = 'trixie';

/** Kernels of the guest and the suites of Debian that have them, the default one first. */
const suites = { '6.12': guestSuite, '6.1': 'bookworm' } as const;

/** A kernel of the guest, by its version. */
export type GuestKernel = keyof typeof suites;

/** The kernels that a guest can boot, the default one first. */
export const guestKernels: readonly GuestKernel[] = ['6.12', '6.1'];

export const defaultKernel: GuestKernel = '6.12';

/** Suite of Debian whose kernel of this version the guest boots. */
export function suiteOf(kernel: GuestKernel): string {
  return suites[kernel];
}
