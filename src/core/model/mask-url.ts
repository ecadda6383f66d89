/**
 * Mask secrets in the URLs of a text: user and password before the `@`, query and fragment become `***`. Only ssh users
 * are part of an address and not secret: `ssh://deploy@host` stays.
 */
export function maskUrls(text: string): string {
  return text.replace(
    /([a-z][a-z0-9+.-]*:\/\/)([^\s/?#"'<>]*@)?([^\s?#"'<>]*)([?#][^\s"'<>]*)?/gi,
    (_, scheme: string, user = '', rest: string, query = '') => {
      const address = scheme.toLowerCase() === 'ssh://' && !user.includes(':');
      const who = user === '' || address ? user : '***@';
      return `${scheme}${who}${rest}${query === '' ? '' : `${query[0]}***`}`;
    },
  );
}
