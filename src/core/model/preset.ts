/** How much is measured, by name. */
export const presets = ['quick', 'standard', 'full', 'lab', 'hardening', 'gvisor-flags'] as const;
