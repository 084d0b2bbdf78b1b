import { words } from '../../text/words.ts';
import type { Case } from '../plan/plan.ts';
import type { Exchange } from '../request/exchange.ts';
import type { Conclusion } from '../verdict/conclusion.ts';

/** What to do when the document's example says nothing of the model. */
export const OWN_SAMPLE = `Give ${words.input('sample-request')} a file of your own with a request body that the model can answer, or the body itself as JSON.`;

/**
 * The conclusion when the model refused an example that nobody filled in: that says nothing of the model.
 * @param cases with the document's example in them
 * @param warmedUp the case with whose request the warm-up ended
 */
export function excuseRefusedFiller(
  conclusion: Conclusion,
  cases: readonly Case[],
  warmedUp?: Case | undefined,
): Conclusion {
  const { verdict, message, exchange, measured, suspect } = conclusion;
  if (verdict !== 'failed' || suspect === 'baseline') return conclusion;
  const refused = measured
    ? measured.firstBad
        .filter(({ target }) => target === 'candidate')
        .map((bad) => ({ exchange: bad.exchange, of: cases[bad.caseIndex] }))
    : [{ exchange, of: warmedUp }];
  const answered = measured?.samples.some(({ outcome }) => outcome === 'passed') ?? false;
  const fillers = refused.map(({ exchange: seen, of }) => (isRefusal(seen) ? fillerOf(of) : undefined));
  const [shown] = fillers;
  if (answered || shown === undefined || fillers.includes(undefined)) return conclusion;
  return {
    ...conclusion,
    verdict: 'error',
    message: `${message ?? ''}\nThe request was the example of the endpoint's OpenAPI document, which has no real value in it: a refusal of it says nothing about the model.\nThe example: ${shown}\n${OWN_SAMPLE}`,
  };
}

function isRefusal(exchange: Exchange | undefined): boolean {
  return exchange?.kind === 'reply' && (exchange.status < 200 || exchange.status >= 300);
}

function fillerOf(each: Case | undefined): string | undefined {
  return each?.request.body.kind === 'bytes' ? each.request.body.filler : undefined;
}
