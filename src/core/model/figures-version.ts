/** Increase it where figures follow from the same records in another way. */
export const method = 1;

/**
 * Names how figures are made of records: a digest that `npm run schemas` makes of the method, the columns, and the figures of stored
 * runs. Figures of another one cannot be made again; that alone does not make them edited.
 */
export const figuresVersion = '9b02c550e2b0415a';
