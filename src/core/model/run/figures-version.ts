/** Increase it when the same records give other figures. */
export const method = 2;

/**
 * Identifies how figures are computed from records: a digest of the method, the columns, and the figures of stored
 * runs, made by `npm run schemas`. Figures with another digest cannot be reproduced; that alone does not prove that
 * they were edited.
 */
export const figuresVersion = '4af30ac0fe2b5538';
