import type { KeyName } from '../azure/resource-manager/answers.ts';
import type { InputReader } from './reader.ts';

const KEY_NAMES: readonly KeyName[] = ['primary', 'secondary'];

/** Which credential the step emits, and whether it does. */
export interface CredentialSettings {
  /** Which key of a key endpoint. */
  readonly key: KeyName;
  /** A token that would expire sooner fails the step. */
  readonly minimumValidityMs: number;
  /** Whether the credential becomes an output. */
  readonly outputCredential: boolean;
}

export function readCredentialSettings(reader: InputReader): CredentialSettings {
  return {
    key: reader.oneOf('key', KEY_NAMES),
    minimumValidityMs: reader.duration('minimum-validity', 0),
    outputCredential: reader.boolean('output-credential'),
  };
}
