import { bypassAlso } from '../network/no-proxy.ts';

/**
 * Puts the proxy of an agent of Azure Pipelines where proxies are looked for: the agent tells of it in variables of its
 * own, and no program reads those. A proxy that the user has set comes first.
 */
function takeProxy(environment: NodeJS.ProcessEnv): void {
  const {
    AGENT_PROXYURL: url = '',
    AGENT_PROXYUSERNAME: user = '',
    SECRET_AGENT_PROXYPASSWORD: secretPassword,
    AGENT_PROXYPASSWORD: password = secretPassword ?? '',
    AGENT_PROXYBYPASSLIST: list = '',
  } = environment;
  if (
    url.trim() === '' ||
    ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => environment[name])
  )
    return;
  const proxy = URL.canParse(url.trim()) ? new URL(url.trim()) : undefined;
  if (proxy !== undefined && user !== '') {
    proxy.username = encodeURIComponent(user);
    proxy.password = encodeURIComponent(password);
  }
  const value = proxy?.href ?? url;
  environment.HTTPS_PROXY = value;
  environment.HTTP_PROXY = value;
  bypassAlso(patternsIn(list));
}

/** The agent leaves an expression out that is not valid, and says so in its own log. */
function patternsIn(list: string): readonly RegExp[] {
  let patterns: unknown;
  try {
    patterns = JSON.parse(list);
  } catch {
    return [];
  }
  if (!Array.isArray(patterns)) return [];
  return patterns.flatMap((pattern) => {
    try {
      return typeof pattern === 'string' ? [new RegExp(pattern, 'i')] : [];
    } catch {
      return [];
    }
  });
}

takeProxy(process.env);

export { takeProxy };
