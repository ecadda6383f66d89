/**
 * Days on which releases were made, from the tags of the projects' public repositories (until August 2026). A distribution's
 * package can be recent although it only patches an old release; its figures are then the old release's.
 */
function releaseDates(table: string): (version: string) => string | null {
  const dates = new Map(
    table
      .trim()
      .split(/\s+/)
      .map((entry) => entry.split('=') as [string, string]),
  );
  return (version) => {
    const [, number = '', candidate] = /(\d+(?:\.\d+)+)([-~+.]?(?:alpha|beta|rc))?/i.exec(version) ?? [];
    // 1.3.0-rc.1 is not 1.3.0; it was released months earlier.
    if (candidate !== undefined) return null;
    // crun's release 1.21 reports its version as `1.21`, a build of its sources as `1.21.0`.
    return dates.get(number) ?? dates.get(number.replace(/\.0$/, '')) ?? null;
  };
}

/** github.com/opencontainers/runc */
export const runcReleased = releaseDates(`
  1.0.0=2021-06-22 1.0.1=2021-07-16 1.0.2=2021-08-23 1.0.3=2021-12-06 1.1.0=2022-01-17 1.1.1=2022-03-28
  1.1.2=2022-05-12 1.1.3=2022-06-09 1.1.4=2022-08-25 1.1.5=2023-03-29 1.1.6=2023-04-12 1.1.7=2023-04-27
  1.1.8=2023-07-19 1.1.9=2023-08-11 1.1.10=2023-11-01 1.1.11=2024-01-02 1.1.12=2024-01-24 1.1.13=2024-06-13
  1.1.14=2024-09-03 1.1.15=2024-10-07 1.2.0=2024-10-22 1.2.1=2024-11-02 1.2.2=2024-11-16 1.2.3=2024-12-11
  1.2.4=2025-01-07 1.2.5=2025-02-14 1.2.6=2025-03-17 1.2.7=2025-09-04 1.2.8=2025-11-05 1.2.9=2025-11-28
  1.3.0=2025-04-29 1.3.1=2025-09-04 1.3.2=2025-10-02 1.3.3=2025-11-05 1.3.4=2025-11-28 1.3.5=2026-03-17
  1.3.6=2026-06-13 1.4.0=2025-11-28 1.4.1=2026-03-12 1.4.2=2026-04-02 1.4.3=2026-06-13 1.5.0=2026-06-19
  1.5.1=2026-07-14
`);

/** github.com/containers/crun */
export const crunReleased = releaseDates(`
  1.0=2021-08-25 1.1=2021-09-27 1.2=2021-10-08 1.3=2021-11-05 1.4=2021-12-22 1.4.1=2022-01-14 1.4.2=2022-01-26
  1.4.3=2022-03-03 1.4.4=2022-03-23 1.4.5=2022-04-27 1.5=2022-07-20 1.6=2022-09-07 1.7=2022-11-07
  1.7.1=2022-11-25 1.7.2=2022-11-29 1.8=2023-01-31 1.8.1=2023-02-27 1.8.2=2023-03-21 1.8.3=2023-03-25
  1.8.4=2023-04-13 1.8.5=2023-05-20 1.8.6=2023-07-27 1.8.7=2023-08-21 1.9=2023-09-07 1.9.1=2023-09-26
  1.9.2=2023-09-27 1.10=2023-10-19 1.11=2023-10-26 1.11.1=2023-10-30 1.11.2=2023-11-07 1.12=2023-11-23
  1.13=2024-01-15 1.14=2024-01-24 1.14.1=2024-02-08 1.14.2=2024-02-16 1.14.3=2024-02-17 1.14.4=2024-02-29
  1.15=2024-05-02 1.16=2024-08-07 1.16.1=2024-08-13 1.17=2024-09-09 1.18=2024-10-22 1.18.1=2024-10-30
  1.18.2=2024-10-31 1.19=2024-12-06 1.19.1=2024-12-17 1.20=2025-02-05 1.21=2025-03-28 1.22=2025-06-27
  1.23=2025-07-24 1.23.1=2025-07-31 1.24=2025-09-09 1.25=2025-11-07 1.25.1=2025-11-25 1.26=2025-12-22
  1.27=2026-03-25 1.27.1=2026-04-21 1.28=2026-05-27 1.29=2026-08-07 1.29.1=2026-08-13
`);

/** github.com/kata-containers/kata-containers */
export const kataReleased = releaseDates(`
  2.1.0=2021-05-14 2.1.1=2021-06-11 2.2.0=2021-09-01 2.2.1=2021-09-25 2.2.2=2021-10-14 2.2.3=2021-11-05
  2.3.0=2021-11-29 2.3.1=2022-01-13 2.3.2=2022-02-03 2.3.3=2022-03-01 2.4.0=2022-04-01 2.4.1=2022-05-04
  2.4.2=2022-06-08 2.4.3=2022-07-06 2.5.0=2022-08-17 2.5.1=2022-09-01 2.5.2=2022-09-30 3.0.0=2022-10-09
  3.0.1=2022-12-19 3.0.2=2023-02-15 3.1.0=2023-03-23 3.1.1=2023-05-15 3.1.2=2023-05-19 3.1.3=2023-07-04
  3.2.0=2023-10-23 3.3.0=2024-03-20 3.4.0=2024-04-19 3.5.0=2024-05-15 3.6.0=2024-06-17 3.7.0=2024-07-17
  3.8.0=2024-08-21 3.9.0=2024-09-19 3.10.0=2024-10-22 3.10.1=2024-10-28 3.11.0=2024-11-20 3.12.0=2024-12-18
  3.13.0=2025-01-16 3.14.0=2025-02-17 3.15.0=2025-03-20 3.16.0=2025-04-25 3.17.0=2025-05-21 3.18.0=2025-06-19
  3.19.0=2025-07-20 3.19.1=2025-07-22 3.20.0=2025-08-20 3.21.0=2025-09-23 3.22.0=2025-10-28 3.23.0=2025-11-17
  3.24.0=2025-12-12 3.25.0=2026-01-19 3.26.0=2026-01-29 3.27.0=2026-02-19 3.28.0=2026-03-16 3.29.0=2026-04-22
  3.30.0=2026-05-02 3.31.0=2026-05-19 3.32.0=2026-06-22 4.0.0=2026-07-20 4.1.0=2026-08-21
`);

/** github.com/youki-dev/youki */
export const youkiReleased = releaseDates(`
  0.1.0=2023-06-21 0.2.0=2023-09-01 0.3.0=2023-10-15 0.3.1=2023-12-19 0.3.2=2024-02-01 0.3.3=2024-05-21
  0.4.0=2024-08-23 0.4.1=2024-09-04 0.5.0=2025-01-02 0.5.1=2025-01-10 0.5.2=2025-03-04 0.5.3=2025-03-21
  0.5.4=2025-07-17 0.5.5=2025-08-14 0.5.6=2025-10-26 0.5.7=2025-11-05 0.6.0=2026-02-25 0.7.0=2026-07-25
`);

/** The day, if it exists in the calendar, else null. A record with an invalid day could not be read again. */
export function realDay(day: string): string | null {
  // toJSON() returns null for an invalid date.
  const found: string | null = new Date(`${day}T00:00:00Z`).toJSON();
  return found?.startsWith(day) ? day : null;
}

/** Whole months from one day (YYYY-MM-DD) to another; 0 where the second is not later. */
export function monthsBetween(from: string, to: string): number {
  const [year = 0, month = 1, day = 1] = from.split('-').map(Number);
  const [thenYear = 0, thenMonth = 1, thenDay = 1] = to.split('-').map(Number);
  return Math.max(0, (thenYear - year) * 12 + thenMonth - month - (thenDay < day ? 1 : 0));
}

/** Age from which a release counts as old, months. */
export const oldMonths = 12;

/** The runtimes whose release was old on a day (an ISO date or time), with its age in months. */
export function oldReleases<T extends { readonly released?: { readonly on: string } | undefined }>(
  runtimes: readonly T[],
  day: string,
): readonly { readonly runtime: T; readonly on: string; readonly months: number }[] {
  return runtimes.flatMap((runtime) => {
    const on = runtime.released?.on;
    const months = on === undefined ? 0 : monthsBetween(on, day.slice(0, 10));
    return on === undefined || months < oldMonths ? [] : [{ runtime, on, months }];
  });
}
