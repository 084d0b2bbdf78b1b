import type { Exchange } from '../request/exchange.ts';
import type { SendRequest } from '../request/sender.ts';
import { LONGEST_KEPT_BYTES } from '../request/transport.ts';
import { EXCHANGE_BYTES } from './judging.ts';

/** How much memory the replies may take that are under way, in bytes. */
const MOST_UNDER_WAY_BYTES = 128 * 2 ** 20;

/** As many of the longest replies as fit into that, whatever is known of them. */
const PLACES_UNSEEN = MOST_UNDER_WAY_BYTES / LONGEST_KEPT_BYTES;

/** How many requests may be under way, so that their replies fit into memory. */
export interface Places {
  /** Sends as it was given, and notes how long the reply is. */
  readonly send: SendRequest;
  readonly count: () => number;
  /** The fewest that there were while anything was asked. */
  readonly least: () => number;
}

/**
 * Counts the places by the longest reply so far, that of the warm-up among them. Until one has come there are as many
 * as the longest that is kept would leave.
 */
export function createPlaces(send: SendRequest): Places {
  let longestBytes: number | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  return {
    async send(target, each, index) {
      const sent = await send(target, each, index);
      longestBytes = Math.max(longestBytes ?? 0, bytesOf(sent.exchange));
      return sent;
    },
    count() {
      const places =
        longestBytes === undefined
          ? PLACES_UNSEEN
          : Math.max(1, Math.floor(MOST_UNDER_WAY_BYTES / longestBytes));
      fewest = Math.min(fewest, places);
      return places;
    },
    least: () => fewest,
  };
}

/** What a reply takes at most while it comes: one that is too long to be kept takes as much as is kept, until then. */
function bytesOf(exchange: Exchange): number {
  if (exchange.kind !== 'reply') return EXCHANGE_BYTES;
  return EXCHANGE_BYTES + Math.max(exchange.body?.length ?? 0, Math.min(exchange.bytes, LONGEST_KEPT_BYTES));
}
