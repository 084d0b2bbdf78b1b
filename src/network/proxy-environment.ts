/** A proxy variable whose value is no address of a proxy, even when read with indulgence. */
export interface UnusableProxy {
  readonly name: string;
  /** May hold a password. */
  readonly value: string;
}

const NAMES: readonly string[] = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/**
 * Writes the proxies of an environment as URLs, as curl reads them: without a scheme it is http, and a user and
 * password stand before the last @, whatever characters they have. What is no address even so is taken out, because
 * the libraries read these variables as they are loaded, and one that they cannot read ends the process.
 */
export function repairProxies(environment: NodeJS.ProcessEnv): readonly UnusableProxy[] {
  const unusable: UnusableProxy[] = [];
  for (const name of NAMES) {
    const written = environment[name] ?? '';
    const value = written.trim();
    if (value === '') continue;
    const url = proxyUrl(value);
    if (url === undefined) {
      unusable.push({ name, value });
      delete environment[name];
    } else if (url !== written) environment[name] = url;
  }
  return unusable;
}

function proxyUrl(value: string): string | undefined {
  const [, scheme = 'http://', rest = ''] = /^([a-z][a-z\d+.-]*:\/\/)?(.*)$/is.exec(value) ?? [];
  const at = rest.lastIndexOf('@');
  const url = `${scheme}${at < 0 ? '' : `${userInfo(rest.slice(0, at))}@`}${rest.slice(at + 1)}`;
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return hostname === '' ? undefined : url;
}

/** Characters that end a user info in a URL, percent-encoded; what is encoded already stays. */
function userInfo(text: string): string {
  const colon = text.indexOf(':');
  const parts = colon < 0 ? [text] : [text.slice(0, colon), text.slice(colon + 1)];
  return parts
    .map((part) => part.replace(/%(?![\da-f]{2})|[^\w%!$&'()*+,;=.~-]/gi, encodeURIComponent))
    .join(':');
}

/** The part of an unusable value that may be a password: it is masked all the same. */
export function passwordIn(value: string): string {
  return /^(?:[a-z][a-z\d+.-]*:\/\/)?[^:@]*:(.*)@/is.exec(value)?.[1] ?? '';
}

/** Of this process. Repaired as the module is loaded, thus before any library reads them. */
export const UNUSABLE_PROXIES = repairProxies(process.env);
