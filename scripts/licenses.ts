import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/**
 * The licences of every production package, which may all have parts in the bundle.
 * @param alsoBundled packages for development of which parts are bundled, too
 * @throws Error when one has no licence text
 */
export function licenses(root: string, alsoBundled: readonly string[] = []): string {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  return Object.entries(lock.packages)
    .filter(
      ([path, { dev, optional }]) =>
        alsoBundled.some((name) => path === `node_modules/${name}`) ||
        (path !== '' && dev !== true && optional !== true),
    )
    .map(([path, { version, license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return `${name} ${version} (${license ?? 'no licence named'})\n\n${licenseText(join(root, path), license)}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function licenseText(folder: string, license: string | undefined): string {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const file = files.find((name) => /^licen[cs]e/i.test(name));
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  const named = /^(?:MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause)$/.test(license ?? '');
  if (named) return `The package names the ${license} licence and carries no text of it.`;
  throw new Error(`${folder} has no licence`);
}
