import { CHECK_CLOUD_AND_PROXY } from '../../azure/errors/advice.ts';
import type { Endpoint } from '../../azure/resource-manager/answers.ts';
import { isLinkLocal } from '../../network/link-local.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { words } from '../../text/words.ts';

/**
 * The scoring URI as it is sent.
 * @throws Failure when the endpoint has none, or none that a credential may be sent to
 */
export function requireScoringUri(endpoint: Endpoint): string {
  const { address, scoringUri, unreadScoringUri, provisioningState } = endpoint;
  if (unreadScoringUri !== undefined) {
    throw new Failure(
      `Resource Manager names '${quote(unreadScoringUri, 200)}' as the 'scoringUri' of endpoint '${address.name}', where a string was expected.\n${CHECK_CLOUD_AND_PROXY}`,
    );
  }
  if (scoringUri === undefined) {
    throw new Failure(
      `Endpoint '${address.name}' has no scoring URI. Its provisioning state is '${quote(provisioningState, 40)}'. ${
        /^(?:creating|updating)$/i.test(provisioningState)
          ? 'Wait until the endpoint is created: az ml online-endpoint create without --no-wait does so.'
          : 'Create the endpoint again; the studio shows the reason.'
      }`,
    );
  }
  const url = URL.canParse(scoringUri) ? new URL(scoringUri) : undefined;
  if (url !== undefined && isLinkLocal(url.hostname)) {
    throw new Failure(
      `Endpoint '${address.name}' names '${quote(scoringUri)}' as its scoring URI. That is a link-local address, which machines use to get credentials, so nothing is sent there.`,
    );
  }
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '')
    return url.href;
  throw new Failure(
    `Endpoint '${address.name}' names '${quote(scoringUri)}' as its scoring URI. It must be an http(s) URL without a user name or password, so the credential was not sent there.`,
  );
}

/** @throws Failure for an `http://` scoring URI */
export function refuseInsecureHttp(scoringUri: string): void {
  if (new URL(scoringUri).protocol !== 'http:') return;
  throw new Failure(
    `The scoring URI is ${quote(scoringUri)}: over http the credential would be sent unencrypted, so nothing was sent. Give the endpoint a certificate, or set ${words.setting('allow-insecure-http', 'true')} where the network is trusted.`,
  );
}

/**
 * A file that a pull request changes must not choose who gets the credential; over https whoever it names still needs a
 * certificate for the scoring URI's name.
 * @throws Failure for an `http://` scoring URI
 */
export function refuseConnectToInClear(scoringUri: string): void {
  if (new URL(scoringUri).protocol !== 'http:') return;
  throw new Failure(
    `The scoring URI is ${quote(scoringUri)}, and the smoke-test file has a connect-to: over http nothing proves who answers there, so nothing was sent. Take it out of the file, and set ${words.theInputs(['connect-to'])} instead.`,
  );
}
