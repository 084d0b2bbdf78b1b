import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NAME, VERSION } from '../../src/version.ts';
import { PROJECT_ROOT } from '../runner/node.ts';

test('the name and the version are those of package.json', () => {
  const { name, version } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'));
  expect({ name: NAME, version: VERSION }).toEqual({ name, version });
});
