/** Names of what gVisor prints as numbers, for the calls in which it matters (include/uapi/linux/ of Linux 6.18). */

const prctlOptions: Readonly<Record<number, string>> = {
  1: 'PR_SET_PDEATHSIG',
  2: 'PR_GET_PDEATHSIG',
  3: 'PR_GET_DUMPABLE',
  4: 'PR_SET_DUMPABLE',
  7: 'PR_GET_KEEPCAPS',
  8: 'PR_SET_KEEPCAPS',
  13: 'PR_GET_TIMING',
  14: 'PR_SET_TIMING',
  15: 'PR_SET_NAME',
  16: 'PR_GET_NAME',
  21: 'PR_GET_SECCOMP',
  22: 'PR_SET_SECCOMP',
  23: 'PR_CAPBSET_READ',
  24: 'PR_CAPBSET_DROP',
  25: 'PR_GET_TSC',
  26: 'PR_SET_TSC',
  27: 'PR_GET_SECUREBITS',
  28: 'PR_SET_SECUREBITS',
  29: 'PR_SET_TIMERSLACK',
  30: 'PR_GET_TIMERSLACK',
  31: 'PR_TASK_PERF_EVENTS_DISABLE',
  32: 'PR_TASK_PERF_EVENTS_ENABLE',
  33: 'PR_MCE_KILL',
  34: 'PR_MCE_KILL_GET',
  35: 'PR_SET_MM',
  36: 'PR_SET_CHILD_SUBREAPER',
  37: 'PR_GET_CHILD_SUBREAPER',
  38: 'PR_SET_NO_NEW_PRIVS',
  39: 'PR_GET_NO_NEW_PRIVS',
  40: 'PR_GET_TID_ADDRESS',
  41: 'PR_SET_THP_DISABLE',
  42: 'PR_GET_THP_DISABLE',
  47: 'PR_CAP_AMBIENT',
  52: 'PR_GET_SPECULATION_CTRL',
  53: 'PR_SET_SPECULATION_CTRL',
  55: 'PR_SET_TAGGED_ADDR_CTRL',
  56: 'PR_GET_TAGGED_ADDR_CTRL',
  57: 'PR_SET_IO_FLUSHER',
  58: 'PR_GET_IO_FLUSHER',
  59: 'PR_SET_SYSCALL_USER_DISPATCH',
  62: 'PR_SCHED_CORE',
  65: 'PR_SET_MDWE',
  66: 'PR_GET_MDWE',
  67: 'PR_SET_MEMORY_MERGE',
  68: 'PR_GET_MEMORY_MERGE',
  1398164801: 'PR_SET_VMA',
  1499557217: 'PR_SET_PTRACER',
};
const ambient: Readonly<Record<number, string>> = {
  1: 'PR_CAP_AMBIENT_IS_SET',
  2: 'PR_CAP_AMBIENT_RAISE',
  3: 'PR_CAP_AMBIENT_LOWER',
  4: 'PR_CAP_AMBIENT_CLEAR_ALL',
};
const archPrctlCodes: Readonly<Record<number, string>> = {
  4097: 'ARCH_SET_GS',
  4098: 'ARCH_SET_FS',
  4099: 'ARCH_GET_FS',
  4100: 'ARCH_GET_GS',
  4113: 'ARCH_GET_CPUID',
  4114: 'ARCH_SET_CPUID',
  4130: 'ARCH_GET_XCOMP_PERM',
  4131: 'ARCH_REQ_XCOMP_PERM',
  12289: 'ARCH_CET_STATUS',
  20481: 'ARCH_SHSTK_ENABLE',
};

const socketLevels: Readonly<Record<number, string>> = {
  0: 'SOL_IP',
  1: 'SOL_SOCKET',
  6: 'SOL_TCP',
  17: 'SOL_UDP',
  41: 'SOL_IPV6',
  58: 'SOL_ICMPV6',
  132: 'SOL_SCTP',
  136: 'SOL_UDPLITE',
  255: 'SOL_RAW',
  263: 'SOL_PACKET',
  270: 'SOL_NETLINK',
  279: 'SOL_ALG',
  282: 'SOL_TLS',
  284: 'SOL_MPTCP',
};
const socketOptions: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  SOL_SOCKET: {
    1: 'SO_DEBUG',
    2: 'SO_REUSEADDR',
    3: 'SO_TYPE',
    4: 'SO_ERROR',
    5: 'SO_DONTROUTE',
    6: 'SO_BROADCAST',
    7: 'SO_SNDBUF',
    8: 'SO_RCVBUF',
    9: 'SO_KEEPALIVE',
    10: 'SO_OOBINLINE',
    11: 'SO_NO_CHECK',
    12: 'SO_PRIORITY',
    13: 'SO_LINGER',
    15: 'SO_REUSEPORT',
    16: 'SO_PASSCRED',
    17: 'SO_PEERCRED',
    18: 'SO_RCVLOWAT',
    19: 'SO_SNDLOWAT',
    20: 'SO_RCVTIMEO',
    21: 'SO_SNDTIMEO',
    25: 'SO_BINDTODEVICE',
    26: 'SO_ATTACH_FILTER',
    27: 'SO_DETACH_FILTER',
    29: 'SO_TIMESTAMP',
    30: 'SO_ACCEPTCONN',
    31: 'SO_PEERSEC',
    32: 'SO_SNDBUFFORCE',
    33: 'SO_RCVBUFFORCE',
    34: 'SO_PASSSEC',
    35: 'SO_TIMESTAMPNS',
    36: 'SO_MARK',
    37: 'SO_TIMESTAMPING',
    38: 'SO_PROTOCOL',
    39: 'SO_DOMAIN',
    40: 'SO_RXQ_OVFL',
    42: 'SO_PEEK_OFF',
    45: 'SO_SELECT_ERR_QUEUE',
    46: 'SO_BUSY_POLL',
    47: 'SO_MAX_PACING_RATE',
    49: 'SO_INCOMING_CPU',
    50: 'SO_ATTACH_BPF',
    51: 'SO_ATTACH_REUSEPORT_CBPF',
    52: 'SO_ATTACH_REUSEPORT_EBPF',
    56: 'SO_INCOMING_NAPI_ID',
    57: 'SO_COOKIE',
    59: 'SO_PEERGROUPS',
    60: 'SO_ZEROCOPY',
    61: 'SO_TXTIME',
    62: 'SO_BINDTOIFINDEX',
    69: 'SO_PREFER_BUSY_POLL',
    70: 'SO_BUSY_POLL_BUDGET',
    76: 'SO_PASSPIDFD',
    77: 'SO_PEERPIDFD',
  },
  SOL_TCP: {
    1: 'TCP_NODELAY',
    2: 'TCP_MAXSEG',
    3: 'TCP_CORK',
    4: 'TCP_KEEPIDLE',
    5: 'TCP_KEEPINTVL',
    6: 'TCP_KEEPCNT',
    7: 'TCP_SYNCNT',
    8: 'TCP_LINGER2',
    9: 'TCP_DEFER_ACCEPT',
    10: 'TCP_WINDOW_CLAMP',
    11: 'TCP_INFO',
    12: 'TCP_QUICKACK',
    13: 'TCP_CONGESTION',
    14: 'TCP_MD5SIG',
    18: 'TCP_USER_TIMEOUT',
    19: 'TCP_REPAIR',
    23: 'TCP_FASTOPEN',
    24: 'TCP_TIMESTAMP',
    25: 'TCP_NOTSENT_LOWAT',
    26: 'TCP_CC_INFO',
    27: 'TCP_SAVE_SYN',
    30: 'TCP_FASTOPEN_CONNECT',
    31: 'TCP_ULP',
    33: 'TCP_FASTOPEN_KEY',
    34: 'TCP_FASTOPEN_NO_COOKIE',
    35: 'TCP_ZEROCOPY_RECEIVE',
    36: 'TCP_INQ',
  },
  SOL_UDP: { 100: 'UDP_ENCAP', 103: 'UDP_SEGMENT', 104: 'UDP_GRO' },
  SOL_IP: {
    1: 'IP_TOS',
    2: 'IP_TTL',
    3: 'IP_HDRINCL',
    4: 'IP_OPTIONS',
    8: 'IP_PKTINFO',
    10: 'IP_MTU_DISCOVER',
    11: 'IP_RECVERR',
    14: 'IP_MTU',
    15: 'IP_FREEBIND',
    19: 'IP_TRANSPARENT',
    20: 'IP_RECVORIGDSTADDR',
    23: 'IP_NODEFRAG',
    24: 'IP_BIND_ADDRESS_NO_PORT',
    32: 'IP_MULTICAST_IF',
    35: 'IP_ADD_MEMBERSHIP',
    49: 'IP_MULTICAST_ALL',
    50: 'IP_UNICAST_IF',
    80: 'SO_ORIGINAL_DST',
  },
  SOL_IPV6: {
    16: 'IPV6_UNICAST_HOPS',
    17: 'IPV6_MULTICAST_IF',
    18: 'IPV6_MULTICAST_HOPS',
    20: 'IPV6_JOIN_GROUP',
    23: 'IPV6_MTU_DISCOVER',
    24: 'IPV6_MTU',
    25: 'IPV6_RECVERR',
    26: 'IPV6_V6ONLY',
    49: 'IPV6_RECVPKTINFO',
    67: 'IPV6_TCLASS',
    74: 'IPV6_RECVORIGDSTADDR',
    75: 'IPV6_TRANSPARENT',
    78: 'IPV6_FREEBIND',
  },
};

const ioctlRequests: Readonly<Record<number, string>> = {
  21505: 'TCGETS',
  21506: 'TCSETS',
  21523: 'TIOCGWINSZ',
  21518: 'TIOCSCTTY',
  21537: 'FIONBIO',
  2148034049: 'FS_IOC_GETFLAGS',
  1074292226: 'FS_IOC_SETFLAGS',
  1074041865: 'FICLONE',
  35090: 'SIOCGIFCONF',
  35091: 'SIOCGIFFLAGS',
  35092: 'SIOCSIFFLAGS',
  35093: 'SIOCGIFADDR',
  35094: 'SIOCSIFADDR',
  35105: 'SIOCGIFMTU',
  35111: 'SIOCGIFHWADDR',
  35123: 'SIOCGIFINDEX',
  35083: 'SIOCADDRT',
  35142: 'SIOCETHTOOL',
  35148: 'SIOCGMIIPHY',
  35585: 'SIOCGIWNAME',
  1074025674: 'TUNSETIFF',
  2148012658: 'BLKGETSIZE64',
  4712: 'BLKSSZGET',
};
const fcntlCommands: Readonly<Record<number, string>> = {
  8: 'F_SETOWN',
  10: 'F_SETSIG',
  15: 'F_SETOWN_EX',
  36: 'F_OFD_GETLK',
  37: 'F_OFD_SETLK',
  38: 'F_OFD_SETLKW',
  1024: 'F_SETLEASE',
  1025: 'F_GETLEASE',
  1026: 'F_NOTIFY',
  1031: 'F_SETPIPE_SZ',
  1032: 'F_GETPIPE_SZ',
  1033: 'F_ADD_SEALS',
  1034: 'F_GET_SEALS',
  1036: 'F_SET_RW_HINT',
};

/** A number that the log begins an argument with, `0x2f` or `5 …`; null where it begins with something else. */
export function numberOf(argument: string | undefined): number | null {
  const found = /^(?:0x[0-9a-f]+|\d+)(?=$|\s)/.exec(argument ?? '')?.[0];
  return found === undefined ? null : Number(found);
}

const named = (names: Readonly<Record<number, string>>, argument = ''): string =>
  names[numberOf(argument) ?? -1] ?? plain(argument);

/** Larger numbers are addresses, which say nothing. */
const largestNumber = 0xffff_ffff;
const rest = '…';

/** An argument without the address in front of what is there: `0x7ffc00 /etc/passwd` → `/etc/passwd`. */
function plain(given: string): string {
  const argument = given.replace(/(?<=\w)\|0x0$/, '').replace(/^AT_FDCWD .*/s, 'AT_FDCWD');
  const value = numberOf(argument);
  if (value === null || value <= 0xffff) return argument;
  const shown = argument.replace(/^\S+\s*/, '');
  return shown !== '' ? shown : value > largestNumber ? rest : argument;
}

/** Longest text of arguments, UTF-16 units. */
const longest = 200;

/** Without texts and lists: what a program sends, its arguments and its environment can be secret. Paths have no quotes here. */
const withoutTexts = (argument: string): string =>
  argument.replace(/\["[\s\S]*$/, rest).replaceAll(/"(?:[^"\\]|\\.)*"?/g, rest);

/** The arguments of a call for people: numbers with a name have it, and what tells nothing is `…`. */
export function argumentsShown(call: string, all: readonly string[]): string {
  const [first, second, third] = all;
  const shown = (parts: readonly string[]) => [...parts, ...(all.length > parts.length ? [rest] : [])];
  const parts = (() => {
    if (call === 'prctl') {
      const option = named(prctlOptions, first);
      if (option === 'PR_CAP_AMBIENT') return shown([option, named(ambient, second)]);
      return shown([option, ...(second === undefined ? [] : [plain(second)])]);
    }
    if (call === 'arch_prctl') return shown([named(archPrctlCodes, first)]);
    if (call === 'setsockopt' || call === 'getsockopt') {
      const level = named(socketLevels, second);
      return shown([plain(first ?? ''), level, named(socketOptions[level] ?? {}, third)]);
    }
    if (call === 'ioctl') return shown([plain(first ?? ''), named(ioctlRequests, second)]);
    if (call === 'fcntl') return shown([plain(first ?? ''), named(fcntlCommands, second)]);
    if (call === 'execve') return shown([plain(first ?? '')]);
    if (call === 'execveat') return shown([plain(first ?? ''), plain(second ?? '')]);
    return all.map(plain);
  })().map(withoutTexts);
  const text = parts.filter((part, i) => part !== rest || parts[i - 1] !== rest).join(', ');
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}${rest}`;
}
