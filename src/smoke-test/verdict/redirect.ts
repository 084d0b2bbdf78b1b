import { quote } from '../../secrets/untrusted.ts';
import type { Exchange } from '../request/exchange.ts';

/** The path to write, when a redirect only adds or drops the slash at the end of the path; otherwise undefined. */
export function slashAdvice(exchange: Exchange): string | undefined {
  const location = exchange.kind === 'reply' ? exchange.headers.location : undefined;
  if (location === undefined || !URL.canParse(location, exchange.url)) return undefined;
  const asked = new URL(exchange.url);
  const wanted = new URL(location, exchange.url);
  // Behind a gateway, a server often names its own scheme and host.
  const isSamePath = withoutSlash(wanted.pathname) === withoutSlash(asked.pathname);
  if (!isSamePath || wanted.pathname === asked.pathname) return undefined;
  const path = quote(`${wanted.pathname}${asked.search}`, 300);
  const what = wanted.pathname.endsWith('/') ? 'with a slash' : 'without the slash';
  return `The server takes this path only ${what} at its end, and a redirect is never followed. Write it so: 'path: ${path}' in the request of the smoke-test file's case, or in the deployment's scoring route.`;
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}
