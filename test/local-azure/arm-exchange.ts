import type { ArmExchange } from './openapi.ts';
import type { Origins } from './state.ts';
import type { Answer, Exchange } from './wire.ts';

/** An exchange as the validator wants it; undefined for one that the OpenAPI documents are silent about. */
export function armExchange(
  { call, method, url, headers, body, status }: Exchange,
  answer: Answer,
  { resourceManager }: Origins,
): ArmExchange | undefined {
  const { origin, pathname } = new URL(url);
  const outside = call === 'metadata' || /^\/subscriptions\/?$/i.test(pathname);
  if (origin !== resourceManager || outside) return undefined;
  return {
    method,
    url,
    requestHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    requestBody: body,
    status: status ?? 0,
    responseHeaders: Object.fromEntries(
      Object.entries(answer.headers ?? {}).map(([name, value]) => [name, String(value)]),
    ),
    responseBody: String(answer.body ?? ''),
  };
}
