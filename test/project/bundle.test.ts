import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const dist = join(import.meta.dirname, '../../dist');

test('the bundle holds no way to sign in by a device code or in a browser', () => {
  const names = readdirSync(dist);
  const code = names
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(dist, name), 'utf8'));
  // What the action does use is there.
  expect(code.join('\n')).toContain('acquireTokenByClientCredential');
  const attended =
    /acquireTokenByDeviceCode|acquireTokenInteractive|(?:DeviceCode|InteractiveBrowser|VisualStudioCode)Credential|xdg-open/g;
  expect(code.flatMap((one) => one.match(attended) ?? [])).toEqual([]);
  // A program that opens a browser.
  expect(names).not.toContain('xdg-open');
});
