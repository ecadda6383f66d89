/** Files of a Debian installation that no program needs; for the `remove` of image recipes. */
export const packaging = ['etc/apt', 'etc/dpkg', 'etc/fstab', 'etc/hostname', 'etc/resolv.conf'] as const;
