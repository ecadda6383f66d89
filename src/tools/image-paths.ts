/** What belongs to a Debian installation and to no program in it; for the `remove` of image recipes. */
export const packaging = ['etc/apt', 'etc/dpkg', 'etc/fstab', 'etc/hostname', 'etc/resolv.conf'] as const;
