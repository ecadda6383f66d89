/** An id of a run. It names directories, so it must be a plain name: no separator, no `..`. */
export const runIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
