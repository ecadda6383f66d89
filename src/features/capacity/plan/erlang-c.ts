/**
 * Probability that a request has to wait in M/M/c (Erlang C); `load` = arrival rate × service time, less than `cpus`.
 * Uses the recursion of Erlang B, which neither overflows nor cancels.
 */
export function erlangC(cpus: number, load: number): number {
  let blocked = 1;
  for (let n = 1; n <= cpus; n++) blocked = (load * blocked) / (n + load * blocked);
  const utilisation = load / cpus;
  return blocked / (1 - utilisation * (1 - blocked));
}
