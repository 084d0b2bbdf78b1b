import type { Endpoint } from '../../azure/resource-manager/answers.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { words } from '../../text/words.ts';
import type { Exchange } from '../request/exchange.ts';
import { score } from '../request/score.ts';
import { requestTo, type Target } from '../request/scoring-request.ts';
import type { Patience } from '../warm-up/back-off.ts';
import { warmUp } from '../warm-up/warm-up.ts';
import type { WarmUpFailure } from '../warm-up/warm-up-cases.ts';
import { parsePythonJson } from './python-json.ts';

/** What fetching the document needs. */
export interface DocumentContext {
  readonly endpoint: Endpoint;
  readonly target: Target;
  readonly patience: Patience;
  /** What happened and what to do, for a person. */
  readonly describe: (exchange: Exchange) => Promise<string>;
  /** Called once, when the first reply says that nothing serves: whether there will never be a usable one. */
  readonly isHopeless?: () => Promise<boolean>;
}

/** The document, or the exchange with which the warm-up ended before it was there. */
export type FetchedDocument = { readonly requests: number } & (
  | { readonly document: unknown }
  | { readonly failure: WarmUpFailure }
);

/**
 * Versions of the document to request. If a scoring script cannot be described in version 2.0, the inference server
 * only has a later version.
 */
const VERSIONS = [undefined, '3.1', '3'] as const;

const GET = {
  method: 'GET',
  path: undefined,
  headers: {},
  contentType: undefined,
  body: { kind: 'none' },
} as const;

/**
 * Fetches the endpoint's OpenAPI document from the deployment under test, which may not be ready yet.
 * @throws Failure when there is none, or it is not JSON
 */
export async function fetchDocument({
  endpoint,
  target,
  patience,
  describe,
  isHopeless,
}: DocumentContext): Promise<FetchedDocument> {
  const uri = requireSwaggerUri(endpoint, target);
  const whose = whoseDocument(endpoint, target);
  let refused: Exchange | undefined;
  let requests = 0;
  for (const version of VERSIONS) {
    const url = new URL(uri);
    if (version !== undefined) url.searchParams.set('version', version);
    const warm = await warmUp(
      async () => {
        await target.renewCredential?.();
        return { exchange: await score({ ...requestTo(target, GET, 0), url: url.href }) };
      },
      () => false,
      patience,
      isHopeless,
    );
    const { exchange } = warm.sent;
    requests += warm.requests;
    if (warm.ended === 'out-of-time' || warm.ended === 'hopeless') {
      return { failure: { exchange, how: warm.ended, target: 'candidate' }, requests };
    }
    if (warm.ended === 'usable' && exchange.kind === 'reply') {
      const document = parsePythonJson(exchange.body?.toString('utf8') ?? '');
      if (document === undefined) throw unusableDocument(whose, 'It is not JSON.');
      return { document, requests };
    }
    refused ??= exchange;
    if (exchange.kind !== 'reply' || ![404, 424].includes(exchange.status)) break;
  }
  throw new Failure(
    `The OpenAPI document of ${whose} at ${quote(uri)} cannot be read. ${refused === undefined ? '' : `${await describe(refused)}\n`}Custom containers often have none. Give a request of your own as ${words.input('sample-request')}.`,
  );
}

/** `endpoint 'churn'`, `the server localhost:5001` */
export function whoseDocument({ address }: Endpoint, { isServer = false }: Pick<Target, 'isServer'>): string {
  return isServer ? `the server ${quote(address.name, 200)}` : `endpoint '${address.name}'`;
}

export function unusableDocument(whose: string, why: string): Failure {
  return new Failure(`The OpenAPI document of ${whose} gives no sample request. ${why}`);
}

/** The credential goes to the scoring URI's origin only. */
function requireSwaggerUri({ address, swaggerUri }: Endpoint, { scoringUri }: Target): string {
  const origin = new URL(scoringUri).origin;
  if (swaggerUri !== undefined && URL.canParse(swaggerUri) && new URL(swaggerUri).origin === origin) {
    return swaggerUri;
  }
  throw new Failure(
    `Endpoint '${address.name}' names no OpenAPI document beside its scoring URI${swaggerUri === undefined ? '' : ` (it names ${quote(swaggerUri)})`}. Give a request of your own as ${words.input('sample-request')}.`,
  );
}
