import { GUID } from '../text/guid.ts';

/** A rule for a name, as Azure states it. `rule` continues a sentence that begins with the thing, as in "A workspace name …". */
interface NameRule {
  readonly pattern: RegExp;
  readonly rule: string;
}

/**
 * Azure's rules for the names that become parts of a URL.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 * @see https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas for endpoints and deployments
 */
const NAME_RULES = {
  endpoint: {
    pattern: /^(?=.{3,32}$)[a-zA-Z](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/,
    rule: 'has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit',
  },
  deployment: {
    pattern: /^(?=.{3,32}$)[a-zA-Z](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/,
    rule: 'has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit',
  },
  workspace: {
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/,
    rule: 'has 3 to 33 letters, digits, dashes and underscores, and starts with a letter or digit',
  },
  'resource group': {
    pattern: /^(?!.*\.\.)[\p{L}\p{N}_.()-]{0,89}[\p{L}\p{N}_()-]$/u,
    rule: 'has 1 to 90 letters, digits, and ( ) - _ . without two periods in a row or one at the end',
  },
  subscription: {
    pattern: GUID,
    rule: 'is a GUID, such as 00000000-0000-0000-0000-000000000000',
  },
} as const satisfies Readonly<Record<string, NameRule>>;

export type NamedThing = keyof typeof NAME_RULES;

/** Azure compares names without case. */
export function isSameName(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

/** Azure's rule as a sentence when the name breaks it; undefined when the name keeps it. */
export function brokenRule(thing: NamedThing, name: string): string | undefined {
  const { pattern, rule } = NAME_RULES[thing];
  const article = thing === 'endpoint' ? 'An' : 'A';
  return pattern.test(name)
    ? undefined
    : `${article} ${thing} ${thing === 'subscription' ? 'ID' : 'name'} ${rule}.`;
}
