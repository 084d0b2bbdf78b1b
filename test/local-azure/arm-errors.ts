import { jsonAnswer } from './answers.ts';
import type { Answer } from './wire.ts';

/** An error that Resource Manager itself makes. */
export function armError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return jsonAnswer(status, { error: { code, message } }, { 'x-ms-failure-cause': 'gateway', ...headers });
}

/** A 401 with the challenge that names the tenant whose token is wanted. */
export function challenge(authority: string, code: string, message: string): Answer {
  return armError(401, code, message, {
    'WWW-Authenticate': `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${message}"`,
  });
}

/** An error of the Machine Learning service behind Resource Manager. */
export function serviceError(
  status: number,
  code: string,
  message: string,
  { details = [], innerCode }: { readonly details?: readonly unknown[]; readonly innerCode?: string } = {},
): Answer {
  const additionalInfo: unknown[] = [{ type: 'ComponentName', info: { value: 'managementfrontend' } }];
  if (innerCode !== undefined)
    additionalInfo.push({ type: 'InnerError', info: { value: { code: innerCode } } });
  return jsonAnswer(status, { error: { code, message, details, additionalInfo } });
}

export function notFound(): Answer {
  const inner = { code: 'InferencingClientCallFailed', message: '{{"title":"Not Found"}}', details: [] };
  return serviceError(404, 'NotFound', 'The specified resource was not found.', {
    details: [{ ...inner, additionalInfo: [] }],
  });
}
