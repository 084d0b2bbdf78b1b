import { quote } from '../../secrets/untrusted.ts';
import { words } from '../../text/words.ts';
import type { Exchange } from '../request/exchange.ts';
import { deploymentNamedBy } from '../request/reply-headers.ts';
import type { Matches } from './matchers.ts';

/**
 * What an exchange means. `usable`: the model replied, and its reply can be judged. `wait` (only while warming up): it
 * passes by itself. The others end the warm-up at once; of a measured request, they are its meaning for the verdict.
 */
export type Meaning = 'usable' | 'wait' | 'failed' | 'inconclusive' | 'error';

/** What an advice may mention: where the request was sent, and how. */
export interface Addressee {
  readonly endpoint: string;
  /** Of the scoring URI, with its port when it has one. */
  readonly host: string;
  /** The deployment that was asked for; undefined when traffic decides. */
  readonly deployment: string | undefined;
  /** Empty for a server without Azure before it. */
  readonly authMode: string;
  /** A server without Azure before it. */
  readonly isServer?: boolean;
  readonly timeoutMs: number;
}

export interface Row {
  /** Status, header or event, as the table of the documentation has it. */
  readonly when: string;
  readonly matches: Matches;
  readonly warmUp: Meaning;
  readonly measured: Exclude<Meaning, 'wait'>;
  /** Nothing serves requests: a deployment may be starting, or will never serve. */
  readonly notReady?: true;
  /** It passes by itself only when Resource Manager says that there is a deployment to route to. */
  readonly needsRoute?: true;
  /** The verdict when it did not pass within the warm-up; `inconclusive` unless said. */
  readonly lasting?: 'error';
  /** The row decides even if the case expects this status. */
  readonly evenIfExpected?: true;
  /** What to do about it; empty for a good reply. */
  readonly advice: (addressee: Addressee, exchange: Exchange) => string;
}

/** The subject of a sentence about what answered. */
export function whoAnswers({ endpoint, deployment, isServer = false }: Addressee): string {
  if (isServer) return `The server ${quote(endpoint, 200)}`;
  return deployment === undefined
    ? `Endpoint '${endpoint}'`
    : `Deployment '${deployment}' of endpoint '${endpoint}'`;
}

/** Which deployment an answer names, in front of more words. */
export function headerSays(exchange: Exchange): string {
  const named = exchange.kind === 'reply' ? deploymentNamedBy(exchange) : undefined;
  if (named === undefined) return '';
  return named === '' ? 'The header is there, and empty. ' : `The answer names '${quote(named, 100)}'. `;
}

/** What to do when nothing serves the request. */
export function noRoute({ deployment, endpoint }: Addressee): string {
  return deployment === undefined
    ? `Endpoint '${endpoint}' has no deployment with traffic, or none that serves this path. Name one with ${words.theInputs(['deployment'])}, or give one traffic: az ml online-endpoint update --name ${endpoint} --traffic "<deployment>=100".`
    : `The front door knows no deployment '${deployment}' that could answer, or it does not serve this path.`;
}
