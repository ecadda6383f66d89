/**
 * A text that may hold URLs, without what must not be written down: user and password before the `@`, query and fragment
 * of each URL become `***`. Only ssh has users that are part of an address and no secret: `ssh://deploy@host` stays.
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
