import { keepVisible } from '../../secrets/secret.ts';
import { Failure } from '../../text/failure.ts';
import { words } from '../../text/words.ts';
import type { EndpointAddress } from '../resource-id.ts';
import type { Azure } from './sign-in.ts';

/**
 * The endpoint's address with the subscription of the sign-in, where the inputs name none.
 * @param say tells the log which subscription that is
 * @throws ServiceError, Failure when the sign-in has no subscription
 */
export async function withSubscription(
  address: EndpointAddress,
  azure: Azure,
  say: (line: string) => void,
): Promise<EndpointAddress> {
  if (address.subscriptionId !== '') return address;
  const subscriptionId = await azure.subscriptionId();
  if (subscriptionId === undefined) {
    throw new Failure(
      `No subscription is known: ${words.theInputs(['subscription-id'])} and AZURE_SUBSCRIPTION_ID are empty, and the sign-in (${azure.errorContext().signInMethod ?? 'unknown'}) has none.\nSet ${words.theInputs(['subscription-id'])}, or give the endpoint's full resource ID as ${words.input('endpoint')}.`,
    );
  }
  keepVisible(subscriptionId);
  say(`The subscription is that of az's session: ${subscriptionId}.`);
  return { ...address, subscriptionId };
}
