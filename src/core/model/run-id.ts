/** Ids of runs, for those who load no schemas. */
export const runIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
