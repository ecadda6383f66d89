/** How much is measured, by name. */
export const presets = ['quick', 'standard', 'full', 'lab', 'gvisor-flags'] as const;
