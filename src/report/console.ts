import { authModeOf, type Credential } from '../azure/credential.ts';
import type { Endpoint } from '../azure/resource-manager/answers.ts';
import type { Host } from '../hosts/host.ts';
import { defuse, quote } from '../secrets/untrusted.ts';
import { type Plan, samplesOf } from '../smoke-test/plan/plan.ts';
import type { Reply } from '../smoke-test/request/exchange.ts';
import type { SmokeTestResult } from '../smoke-test/result.ts';
import { describeMissed } from '../smoke-test/verdict/threshold-words.ts';
import { byteOrderMarkOf } from '../text/file-text.ts';
import { formatLatency, isoSeconds } from '../text/format.ts';
import {
  describeAnsweredBy,
  describeExtent,
  describeThreshold,
  describeTraffic,
  isOneRequest,
} from './phrases.ts';
import { annotateVerdict } from './verdict-annotation.ts';

/** Longest response that is printed, in characters. */
const LONGEST_SHOWN = 20_000;

export function tellEndpoint(host: Host, endpoint: Endpoint): void {
  const { address, location, traffic } = endpoint;
  host.info(
    `Endpoint '${address.name}' in ${quote(location, 60)}: auth mode ${authModeOf(endpoint)}, ${quote(describeTraffic(traffic))}`,
  );
}

export function tellCredential(host: Host, credential: Credential): void {
  if (credential.mode === 'key') {
    host.info(`Credential: the ${credential.which} key, masked. Keys do not expire.`);
    return;
  }
  const { mode, expiresOn } = credential;
  const token = mode === 'aml_token' ? 'an endpoint token' : 'an Entra token';
  const expiry =
    expiresOn === undefined ? 'Azure does not say when it expires' : `expires ${isoSeconds(expiresOn)}`;
  host.info(`Credential: ${token}, masked; ${expiry}.`);
}

/** Warns of the lines of a case that are never sent: nothing in them is tested. */
export function warnOfUnsentLines(host: Host, plan: Plan): void {
  for (const each of plan.cases) {
    const { name, request } = each;
    const samples = samplesOf(plan, each);
    const lines = request.body.kind === 'bytes' ? request.body.bodies.length : 1;
    if (lines <= samples) continue;
    host.warning(
      `Case '${name}' has ${lines} lines, but only the first ${samples === 1 ? 'is' : `${samples} are`} sent, because each sample sends one line. Set samples to ${lines} to send them all.`,
      { title: 'Smoke test' },
    );
  }
}

/** Warns of samples that begin with a byte order mark: they are sent as they are, and many parsers refuse them. */
export function warnOfByteOrderMarks(host: Host, { cases }: Plan): void {
  for (const { name, request } of cases) {
    const { body, contentType = '' } = request;
    if (body.kind !== 'bytes' || /^(?:image|audio|video)\//i.test(contentType)) continue;
    // Of lines, the mark is before the first one, and is not sent.
    const mark = byteOrderMarkOf(body.bodies.at(0) ?? Buffer.alloc(0));
    if (mark === undefined) continue;
    const what =
      mark === 'UTF-8' ? 'begins with a UTF-8 byte order mark' : `is ${mark} text with a byte order mark`;
    host.warning(
      `Case '${name}': ${quote(body.origin, 200)} ${what}, and is sent as it is. Most models read UTF-8 without a byte order mark: save it that way.`,
      { title: 'Smoke test' },
    );
  }
}

/** The first measured response, folded. */
export function showResponse(host: Host, reply: Reply | undefined): void {
  if (reply === undefined) {
    host.info('There is no response to show.');
    return;
  }
  const { body, bytes, headers } = reply;
  const text = body === undefined ? 'It is too long to be shown.' : body.toString('utf8');
  const type = quote(headers['content-type'] ?? 'no content type', 100);
  host.group(`Response: ${bytes} bytes, ${type}`, defuse(text, LONGEST_SHOWN).split('\n'));
}

/**
 * Tells what was measured, warns of thresholds, and annotates a bad verdict.
 * @param tested to begin a sentence with: `Endpoint 'churn'`
 */
export function tellResult(host: Host, tested: string, result: SmokeTestResult): void {
  if (!isOneRequest(result)) tellFigures(host, result);
  if (result.busyRunner !== undefined) host.info(result.busyRunner);
  const several = describeAnsweredBy(result);
  if (several !== undefined) host.info(`Several deployments answered: ${quote(several)}.`);
  for (const threshold of result.thresholds) {
    const { name, note, met, advisory } = threshold;
    if (!met && advisory)
      host.warning(`${describeMissed(threshold)} It is advisory.`, { title: 'Smoke test' });
    else if (note !== undefined)
      host.warning(note.startsWith(name) ? note : `${name}: ${note}`, { title: 'Smoke test' });
  }
  for (const warning of result.warnings ?? []) host.warning(warning, { title: 'Smoke test' });
  annotateVerdict(host, tested, result);
}

/** What was measured, in a few lines: the log must suffice, since not every user opens the summary. */
function tellFigures(host: Host, result: SmokeTestResult): void {
  const { cases, thresholds, openLoop, message = '' } = result;
  for (const { name, passed, measured, latency } of cases.filter((each) => each.measured > 0)) {
    const times =
      latency === undefined ? '' : `, p50 ${formatLatency(latency.p50)}, p95 ${formatLatency(latency.p95)}`;
    host.info(`Case '${name}': ${passed} of ${measured} passed${times}.`);
  }
  if (openLoop !== undefined) host.info(`${describeExtent(result)}.`);
  const failures = cases.map(({ failure }) => failure?.message).filter((each) => each !== undefined);
  // The annotation is in the log too. When it holds every failure whole, they are not repeated here.
  if (!failures.every((each) => message.includes(each))) for (const each of failures) host.info(each);
  for (const { name, measured, limit, result } of thresholds.map(describeThreshold)) {
    host.info(`Threshold ${name}: ${measured} (${limit}), ${result}.`);
  }
}
