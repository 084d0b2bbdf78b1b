import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../runner/node.ts';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly deprecated?: string;
}

const read = (name: string): string => readFileSync(join(PROJECT_ROOT, name), 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const installed = Object.entries(packages).filter(([path]) => path !== '');
const production = installed.filter(([, { dev, optional }]) => dev !== true && optional !== true);
const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

describe('the packages that the project installs', () => {
  test('run no script when they are installed', () => {
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual(
      [],
    );
  });

  test('are locked to the hash of their content, on every platform', () => {
    expect(installed.length).toBeGreaterThan(500);
    const others = installed.filter(
      ([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''),
    );
    expect(others.map(([path]) => path)).toEqual([]);
  });

  test('are locked to one version each', () => {
    const manifest = JSON.parse(read('package.json')) as Readonly<Record<string, Record<string, string>>>;
    const wanted = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.values(manifest[kind] ?? {}),
    );
    expect(wanted.length).toBeGreaterThan(20);
    for (const version of wanted) expect(version).toMatch(/^(?:npm:[\w-]+@)?\d+\.\d+\.\d+$/);
  });

  // .npmrc keeps npm from saying what the next two look for.
  test('are none that its authors have given up', () => {
    expect(installed.filter(([, { deprecated }]) => deprecated).map(([path]) => path)).toEqual([]);
  });

  test('run on the Node.js that every script has, and go together', () => {
    const args = ['install', '--package-lock-only', '--dry-run', '--offline', '--loglevel=warn'];
    const { status, stderr } = spawnSync('npm', args, {
      cwd: PROJECT_ROOT,
      encoding: 'utf8',
      // npm is a script of its own on Windows, which only a shell starts.
      shell: process.platform === 'win32',
    });
    expect(status, stderr).toBe(0);
    expect(stderr).not.toMatch(/EBADENGINE|ERESOLVE/);
  });
});

describe('what a workflow downloads', () => {
  const licenses = read('dist/licenses.txt');

  test.each(production.map(([path, { version }]) => `${nameOf(path)} ${version}`))(
    'comes with the licence of %s',
    (entry) => {
      expect(licenses).toContain(`${entry} (`);
    },
  );

  test('has permissive licences only', () => {
    const permissive = ['MIT', 'ISC', '0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0'];
    const others = production.filter(([, { license }]) => !permissive.includes(license ?? ''));
    expect(others.map(([path, { license }]) => `${nameOf(path)}: ${license}`)).toEqual([]);
  });

  test('needs no package beside itself', () => {
    const scripts = readdirSync(join(PROJECT_ROOT, 'dist')).filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) {
      const imports = read(`dist/${script}`).matchAll(/\bimport\s*(?:[\w*{}\s,$]+from\s*)?["']([^"']+)["']/g);
      const specifiers = [...imports].map(([, specifier = '']) => specifier);
      expect(specifiers.filter((each) => !each.startsWith('./') && !isBuiltin(each))).toEqual([]);
    }
  });
});
