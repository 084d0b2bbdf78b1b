/**
 * `failed`: the model replied, and its reply or its speed is wrong. `inconclusive`: too few usable replies. `error`: it
 * could not be measured. Rollback automation acts on `failed`, people on `error`, a retry on `inconclusive`.
 */
export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'error' | 'skipped';
