import { expect, test } from 'vitest';
import { CLOSED_HOST, openScenario } from '../../support/scenario.ts';

const { step } = await openScenario();
const PATH = '/metadata/endpoints?api-version=2022-09-01';

test('names a host that does not exist, and one that refuses', async () => {
  // Retries wait for longer than they work: both steps do it at the same time.
  const [unknown, refused] = await Promise.all([
    step({ inputs: { cloud: `https://nonexistent.invalid${PATH}` } }),
    step({ inputs: { cloud: `https://${CLOSED_HOST}${PATH}` } }),
  ]);

  expect(unknown.error).toMatch(
    /^The cloud's metadata service \('?nonexistent\.invalid'?\) has a name that the DNS of this runner does not know \((?:ENOTFOUND|EAI_AGAIN)\)\./,
  );
  expect(refused.error).toContain(
    `The cloud's metadata service (${CLOSED_HOST}) refused the connection (ECONNREFUSED).`,
  );
  for (const { error, outputs } of [unknown, refused]) {
    expect(error).not.toContain('GitHub');
    expect(outputs).toEqual({ verdict: 'error' });
  }
  expect(unknown.error).toContain("Check the URL in the input 'cloud'");
});
