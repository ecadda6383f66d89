/**
 * Names how figures are made of records: a digest that `npm run schemas` makes of the method, the columns, and the figures of stored
 * runs. Figures of another one cannot be made again; that alone does not make them edited.
 */
export const figuresVersion = 'e93f621dc324b758';
