/** Variables that programs get: where things are, languages, proxies, engines, and our own. No loader or shell reads any of them. */
const passedOn = new RegExp(
  [
    '^(?:PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TZ|TERM|COLORTERM|NO_COLOR|LANG|LANGUAGE|LC_\\w+',
    'XDG_\\w+|DBUS_SESSION_BUS_ADDRESS|SSH_AUTH_SOCK',
    '(?:https?|ftp|all|no)_proxy|(?:HTTPS?|FTP|ALL|NO)_PROXY|SSL_CERT_(?:FILE|DIR)',
    '(?:DOCKER|CONTAINERS?|CONTAINERD|OCIBENCH)_\\w+)$',
  ].join('|'),
);

/**
 * The environment of a program that we start: what is in {@link passedOn}. What else this process was given may hold tokens, or
 * make a program run code (LD_PRELOAD, BASH_ENV, GIT_SSH_COMMAND).
 */
export function programEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => passedOn.test(name)));
}
