/** A proxy variable whose value is not the address of a proxy, even when it is read as leniently as curl does. */
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
 * Rewrites the proxy variables of an environment as URLs, reading them as curl does: without a scheme it is http, and
 * user and password are all that stands before the last @. A variable that is not an address even so is deleted,
 * because libraries read these variables when they are loaded, and one that they cannot parse ends the process.
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

/** User and password with the characters that would end them in a URL percent-encoded. */
function userInfo(text: string): string {
  const colon = text.indexOf(':');
  const parts = colon < 0 ? [text] : [text.slice(0, colon), text.slice(colon + 1)];
  return parts
    .map((part) => part.replace(/%(?![\da-f]{2})|[^\w%!$&'()*+,;=.~-]/gi, encodeURIComponent))
    .join(':');
}

/** The part of an unusable value that may be a password. It is masked although no proxy is used. */
export function passwordIn(value: string): string {
  return /^(?:[a-z][a-z\d+.-]*:\/\/)?[^:@]*:(.*)@/is.exec(value)?.[1] ?? '';
}

/** Those of this process. They are repaired when this module is loaded, before any library reads them. */
export const UNUSABLE_PROXIES = repairProxies(process.env);
