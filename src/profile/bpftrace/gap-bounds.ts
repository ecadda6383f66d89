/** Where the classes of times between calls begin, beside 0, ns. */
export const gapBounds = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000] as const;
