import { isSameName } from '../../azure/naming-rules.ts';
import type { Endpoint } from '../../azure/resource-manager/answers.ts';
import { quote } from '../../secrets/untrusted.ts';

/** Percentage of the live traffic. */
export function shareOf({ traffic }: Endpoint, name: string): number {
  return Object.entries(traffic).find(([deployment]) => isSameName(deployment, name))?.[1] ?? 0;
}

/** Which deployments have the most and no live traffic. */
export interface Roles {
  /** Undefined when none has any. */
  readonly live: string | undefined;
  /** Undefined when there is none, or more than one. */
  readonly idle: string | undefined;
}

/** @param names of the endpoint's deployments, as far as they are known */
export function rolesOf(endpoint: Endpoint, names: readonly string[]): Roles {
  const idle = names.filter((name) => shareOf(endpoint, name) === 0);
  return { live: liveOf(endpoint, names), idle: idle.length === 1 ? idle[0] : undefined };
}

/** The deployment with the most live traffic; of several with as much, the first by name. */
export function liveOf(endpoint: Endpoint, names: readonly string[]): string | undefined {
  const [live] = names
    .filter((name) => shareOf(endpoint, name) > 0)
    .sort((one, other) => shareOf(endpoint, other) - shareOf(endpoint, one) || (one < other ? -1 : 1));
  return live;
}

/** An endpoint may have hundreds; a message that lists them all is cut before it says what to do. */
const MOST_LISTED = 20;

/** `It has: blue (100 %), green (0 %).` */
export function describeDeployments(endpoint: Endpoint, names: readonly string[]): string {
  if (names.length === 0) return 'It has none at all.';
  const listed = names
    .slice(0, MOST_LISTED)
    .map((name) => `${quote(name, 60)} (${shareOf(endpoint, name)} %)`)
    .join(', ');
  const rest = names.length > MOST_LISTED ? ` and ${names.length - MOST_LISTED} more` : '';
  return `It has: ${listed}${rest}.`;
}

/**
 * Whether Resource Manager says that live traffic goes somewhere. While an endpoint is being updated, its traffic may
 * still be shown as it was.
 */
export function hasTraffic({ traffic, provisioningState }: Endpoint): boolean {
  return (
    Object.values(traffic).some((share) => share > 0) || /^(?:creating|updating)$/i.test(provisioningState)
  );
}
