import { defuse } from '../secrets/untrusted.ts';
import { words } from '../text/words.ts';
import type { SmokeTestContext } from './context.ts';
import { deploymentBehind } from './deployments/answered-by.ts';
import type { Measured } from './measure/measure.ts';
import type { Plan } from './plan/plan.ts';
import type { Conclusion } from './verdict/conclusion.ts';

/** Runs the user's own script on each case's first good reply, which may turn a verdict of `passed` into another one. */
export async function checkReplies(
  { scoringUri, chosen, endpoint, workspace }: SmokeTestContext,
  { cases, check }: Plan,
  { goodReplies }: Measured,
  concluded: Pick<Conclusion, 'verdict' | 'message'>,
): Promise<Pick<Conclusion, 'verdict' | 'message'>> {
  if (check === undefined || concluded.verdict !== 'passed') return concluded;
  const { runResponseCheck } = await import('./judge/response-check.ts');
  for (const [index, { name }] of cases.entries()) {
    const reply = goodReplies.get(index);
    if (reply === undefined) continue;
    const failure = await runResponseCheck({
      script: check.script,
      body: reply.body,
      environment: process.env,
      answered: {
        caseName: name,
        scoringUri,
        deployment: await deploymentBehind(reply, chosen, endpoint, workspace),
        statusCode: reply.status,
        latencyMs: reply.latencyMs,
      },
      timeoutMs: check.timeoutMs,
      workingFolder: check.folder,
    });
    if (failure === undefined) continue;
    const { verdict, told } = failure;
    const where = cases.length > 1 ? `Case '${name}': ` : '';
    return { verdict, message: `${where}${words.label('response-check')} ${defuse(told)}` };
  }
  return concluded;
}
