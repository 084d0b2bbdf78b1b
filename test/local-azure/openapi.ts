import { fileURLToPath } from 'node:url';

/** An exchange with Resource Manager as the validator wants it; bodies are texts. */
export interface ArmExchange {
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;
}

/** Judges exchanges by Microsoft's OpenAPI documents; the answer lists what is wrong in either direction. */
export type Judge = (exchange: ArmExchange) => Promise<readonly string[]>;

const DOCUMENTS = fileURLToPath(new URL('../fixtures/openapi', import.meta.url));
const NEWEST = ['2025-12-01', '2026-09-01'];

/** Loads the documents, which takes half a second and 110 MB. */
export async function loadJudge(): Promise<Judge> {
  const { LiveValidator } = await import('oav/dist/lib/liveValidation/liveValidator.js');
  const validator = new LiveValidator(
    {
      directory: DOCUMENTS,
      fileRoot: DOCUMENTS,
      git: { shouldClone: false },
      swaggerPathsPattern: [
        'specification/machinelearningservices/**/2022-10-01/mfe.online.json',
        'specification/machinelearningservices/**/2025-12-01/mfe.onlineEndpoints.json',
        'specification/machinelearningservices/**/2026-09-01/openapi.onlineEndpoints.json',
      ],
      loadValidatorInInitialize: true,
      loadValidatorInBackground: false,
    },
    () => {},
  );
  await validator.initialize();

  return async (exchange) => {
    const url = new URL(exchange.url);
    const apiVersion = url.searchParams.get('api-version');
    const standIn = standInVersion(url, apiVersion);
    if (standIn !== null) url.searchParams.set('api-version', standIn);
    const violations = bodyOfAction(exchange);
    const answer: unknown = JSON.parse(exchange.responseBody);
    // The stand-in is older than mirrorTraffic.
    if (standIn !== apiVersion) dropMirrorTraffic(answer);
    const { requestBody } = exchange;
    const result = await validator.validateLiveRequestResponse({
      liveRequest: {
        url: `${url.pathname}${url.search}`,
        method: exchange.method,
        headers: { ...exchange.requestHeaders },
        ...(requestBody === '' ? {} : { body: JSON.parse(requestBody) }),
      },
      liveResponse: {
        statusCode: String(exchange.status),
        headers: { ...exchange.responseHeaders },
        body: answer as Record<string, unknown>,
      },
    });
    if (result.runtimeException !== undefined) violations.push(`both: ${result.runtimeException.message}`);
    for (const [side, { isSuccessful, errors, runtimeException }] of [
      ['request', result.requestValidationResult],
      ['response', result.responseValidationResult],
    ] as const) {
      if (isSuccessful === true) continue;
      if (runtimeException !== undefined) violations.push(`${side}: ${runtimeException.message}`);
      for (const { code, message, jsonPathsInPayload } of errors) {
        violations.push(`${side}: ${code} ${jsonPathsInPayload.join(' ')} ${message}`);
      }
    }
    return violations.map(
      (violation) => `${exchange.method} ${exchange.url} (${exchange.status}) ${violation}`,
    );
  };
}

/**
 * The version to judge by: of the newest there are the documents of the endpoints alone, of some others none.
 * All have the same shapes since 2022-10-01. An unknown version stands for itself, and fails.
 */
function standInVersion({ pathname }: URL, apiVersion: string | null): string | null {
  if (apiVersion === null) return null;
  const older = ['2022-02-01-preview', '2023-04-01-preview', '2024-04-01', '2024-10-01'];
  const aboutOneEndpoint = /\/onlineEndpoints\/[^/]+(\/(listKeys|token))?\/?$/i.test(pathname);
  const undocumented = NEWEST.includes(apiVersion) && !aboutOneEndpoint;
  return older.includes(apiVersion) || undocumented ? '2022-10-01' : apiVersion;
}

/** The validator does not mind a body where none belongs. */
function bodyOfAction({ url, requestBody }: ArmExchange): string[] {
  const takesNone = /\/(listKeys|token)\/?(\?|$)/i.test(url);
  return takesNone && requestBody !== '' ? ['request: this action takes no body'] : [];
}

function dropMirrorTraffic(answer: unknown): void {
  const { value, properties } = (answer ?? {}) as {
    readonly value?: unknown;
    readonly properties?: Record<string, unknown>;
  };
  if (Array.isArray(value)) value.forEach(dropMirrorTraffic);
  delete properties?.mirrorTraffic;
}
