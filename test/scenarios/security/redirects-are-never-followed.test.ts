import { describe, expect, test } from 'vitest';
import { startForeignServer } from '../../support/foreign-server.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const foreign = await startForeignServer('[1]');
const location = `${foreign.origin}/elsewhere`;
// What the redirects lead to could be trusted.
const TRUSTED = {
  inputs: { 'sample-request': SAMPLE, 'ca-certificate': 'trusted.pem' },
  files: { 'trusted.pem': `${azure.caPem}${foreign.caPem}` },
};

describe('on the way to the credential', () => {
  test.each(['metadata', 'id-token', 'sign-in', 'endpoint', 'keys'] as const)(
    'a redirect of %s ends the step',
    async (call) => {
      azure.setFault(call, { kind: 'status', status: 307, headers: { Location: location } });
      const { error, outputs, sent } = await step(TRUSTED);

      expect(error).toContain(`answered with a redirect: HTTP 307, to '${location}'.`);
      expect(error).toContain(
        'Redirects are never followed, so that a credential reaches only the host that it is for.',
      );
      expect(outputs.verdict).toBe('error');
      expect(sent(call)).toHaveLength(1);
      expect(sent('scoring')).toEqual([]);
      expect(foreign.connections()).toBe(0);
    },
  );
});

describe('of the endpoint', () => {
  test.each([301, 302, 303, 307, 308])('a %d keeps the credential from where it leads', async (status) => {
    azure.setFault('scoring', {
      kind: 'status',
      status,
      headers: { Location: location, Refresh: `0; url=${foreign.origin}/` },
    });
    const { error, outputs, sent } = await step(TRUSTED);

    expect(error).toContain(`Endpoint 'churn-key' answered ${status}`);
    expect(error).toContain('A redirect is never followed');
    expect(outputs).toMatchObject({ verdict: 'error', 'status-code': String(status) });
    expect(sent('scoring')).toHaveLength(1);
    expect(foreign.connections()).toBe(0);
  });
});
