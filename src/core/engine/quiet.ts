/** The same promise; that it rejects before anybody awaits it is no unhandled rejection, and does not end the process. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
