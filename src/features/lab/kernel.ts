/** Debian suite of the guest, whatever kernel it boots. */
export const guestSuite = 'trixie';

/** Kernels of the guest and the suites of Debian that have them, the default one first. */
const suites = { '6.12': guestSuite, '6.1': 'bookworm' } as const;

/** A kernel of the guest, by its version. */
export type GuestKernel = keyof typeof suites;

/** The kernels that a guest can boot, the default one first. */
export const guestKernels: readonly GuestKernel[] = ['6.12', '6.1'];

export const defaultKernel: GuestKernel = '6.12';

/** Debian suite that has this kernel. */
export function suiteOf(kernel: GuestKernel): string {
  return suites[kernel];
}
