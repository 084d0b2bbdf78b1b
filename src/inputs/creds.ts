import { guard, UnmaskableError } from '../secrets/secret.ts';
import { isObject, type JsonObject, parseJson, stringIn } from '../text/json.ts';
import { words } from '../text/words.ts';
import type { InputReader } from './reader.ts';
import { unreplacedIn } from './unreplaced.ts';

/** What the JSON in `creds` says. None of it is masked before {@link guardCreds}. */
export interface Creds {
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly subscriptionId?: string | undefined;
  readonly resourceManager?: string | undefined;
  /** Every value that is to be masked. */
  readonly values?: readonly string[];
}

const FORMAT =
  'Write what azure/login takes: {"clientId": "…", "clientSecret": "…", "tenantId": "…", "subscriptionId": "…"}.';

const NEEDED = ['clientId', 'clientSecret', 'tenantId'] as const;

/** Reads `creds`, as `az ad sp create-for-rbac --json-auth` prints it. No mistake shows what is in it. */
export function readCreds(reader: InputReader): Creds {
  const text = reader.text('creds');
  if (text === '') return {};
  const document = parseJson(text);
  if (!isObject(document)) {
    reader.mistake('creds', '', `It is not a JSON object. ${FORMAT}`);
    return {};
  }
  const expression = Object.values(document)
    .map((value) => unreplacedIn('creds', String(value)))
    .find((found) => found !== undefined);
  if (expression !== undefined) {
    reader.mistake('creds', '', `Nothing replaced ${expression} by a value. ${words.unreplaced(expression)}`);
    return {};
  }
  const lacking = NEEDED.filter((name) => !stringIn(document[name]));
  if (lacking.length > 0) {
    reader.mistake(
      'creds',
      '',
      `${lacking.join(', ')} ${lacking.length === 1 ? 'is' : 'are'} missing. ${hint(document)}`,
    );
  }
  return {
    clientId: stringIn(document.clientId),
    clientSecret: stringIn(document.clientSecret),
    tenantId: stringIn(document.tenantId),
    subscriptionId: stringIn(document.subscriptionId),
    resourceManager: stringIn(document.resourceManagerEndpointUrl),
    values: valuesToMask(document),
  };
}

function hint(document: JsonObject): string {
  return 'appId' in document || 'password' in document
    ? "This is the output of 'az ad sp create-for-rbac' without --json-auth, which has other names."
    : FORMAT;
}

/** All values but addresses, which are no secrets, and the subscription: the output `endpoint-id` holds it. */
function valuesToMask(document: JsonObject): readonly string[] {
  return Object.entries(document).flatMap(([name, value]) => {
    const text = stringIn(value);
    return text === undefined || name === 'subscriptionId' || text.startsWith('https://') ? [] : [text];
  });
}

/** Masks every value of `creds`: the runner masks the whole of it only, or its lines. */
export function guardCreds({ values = [] }: Creds): void {
  for (const value of values) {
    try {
      guard(value, `A value of ${words.input('creds')}`);
    } catch (error) {
      // One that cannot be masked is no secret, such as a short name. The client secret is guarded once more.
      if (!(error instanceof UnmaskableError)) throw error;
    }
  }
}
